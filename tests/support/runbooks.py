"""The form of a runbook, as it stands, and one that is filled in."""

TEMPLATE = """# Runbook: [Service/Failure Scenario Name]

## Quick Reference
- **Service**: [service name and repo link]
- **Owner Team**: [team name, Slack channel]
- **On-Call**: [PagerDuty schedule link]
- **Dashboards**: [Grafana/Datadog links]
- **Last Tested**: [date of last game day or drill]

## Detection
- **Alert**: [Alert name and monitoring tool]
- **Symptoms**: [What users/metrics look like during this failure]
- **False Positive Check**: [How to confirm this is a real incident]

## Diagnosis
1. Check service health: `kubectl get pods -n <namespace> | grep <service>`
2. Review error rates: [Dashboard link for error rate spike]

## Remediation

### Option A: Rollback (preferred if deploy-related)
```bash
# Identify the last known good revision
kubectl rollout history deployment/<service> -n production

# Rollback to previous version
kubectl rollout undo deployment/<service> -n production
```

### Option B: Scale up (if capacity-related)
```bash
# Enable HPA if not active
kubectl autoscale deployment/<service> -n production \\
  --min=3 --max=20 --cpu-percent=70
```

## Verification
- [ ] Error rate returned to baseline: [dashboard link]
- [ ] No new alerts firing for 10 minutes

## Communication
- Internal: Post update in #incidents Slack channel
- External: Update [status page link] if customer-facing
- Follow-up: Create post-mortem document within 24 hours
"""
FILLED = (
    TEMPLATE
    .replace("[Service/Failure Scenario Name]", "Checkout does not answer")
    .replace("[service name and repo link]", "checkout ([sources](https://git.example/checkout))")
    .replace("[team name, Slack channel]", "payments, #payments")
    .replace("[PagerDuty schedule link]", "https://pager.example/payments")
    .replace("[Grafana/Datadog links]", "https://graphs.example/checkout")
    .replace("[date of last game day or drill]", "2026-05-04 (game day)")
    .replace("[Alert name and monitoring tool]", "CheckoutDown, Prometheus")
    .replace("[What users/metrics look like during this failure]", "error rate above 20 %")
    .replace("[How to confirm this is a real incident]", "a purchase by hand fails")
    .replace("[Dashboard link for error rate spike]", "https://graphs.example/errors")
    .replace("[dashboard link]", "https://graphs.example/errors")
    .replace("[status page link]", "https://status.example")
)  # fmt: skip
