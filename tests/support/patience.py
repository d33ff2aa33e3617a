"""How long a test waits for what comes at once on an idle machine. Only a test that fails waits so
long, so it costs nothing to be patient with a busy one.
"""

PATIENT_S = 90.0
