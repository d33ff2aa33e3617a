"""Rules: a person is the subject of a failure, its owner, or its cause."""

from domain.learning.blame_rule import KNEW_INSTEAD, NAMED_INSTEAD, STEP_INSTEAD, BlameRule, Excuse

OF_PERSONS = (
    BlameRule(
        "warned_anyway",
        r"{subject}\s+(?:had |was |were |been ){0,2}(?:warned|reminded|told|advised"
        r"|asked) (?:\w+ ){0,2}?(?:not to|never to|twice|three times|several times|repeatedly"
        r"|many times|often enough|against|about)\b(?!.*\bby (?:the|an?) (?:alert|alarm|monitor"
        r"|bot|system))|{who} (?:was|were|had been) warned,? (?:and|but)\b"
        r"|{subject}\s+[\w\s]{3,60}?\b(?:(?:turn|switch|push|merg|deploy|restart"
        r"|delet|ran|did|went|start)\w*[\w\s]{0,30}\banyway|despite (?:\w+ ){0,3}?(?:warn\w*"
        r"|told|advice|instructions?|training|knowing|rules?)|without (?:even |first |properly "
        r"|any |really |once )*(?:looking|checking|reading|testing|thinking|asking|telling"
        r"|informing|waiting|consulting|verifying|understanding|following|permission|approval"
        r"|a second thought|regard|care))\b",
        "It measures a person by what they had been told, or did without, not by what the "
        "system let through.",
        "say which guard would have held the step back, and what the person could see when it "
        "was taken.",
        (
            Excuse.TOPIC,
            Excuse.DENIED,
            Excuse.REASON,
        ),
    ),
    BlameRule(
        "person_failed",
        r"{subject}\s+{FAILED}|(?:{named}"
        r"|(?<!\w)(?-i:[A-Z][a-zé]+(?: [A-Z][a-z]+)?)) (?:forgot to|neglected to|was told not to"
        r"|slept through|couldn't be bothered|did(?:n't| not) bother)\b",
        "A person is the subject of the failure.",
        NAMED_INSTEAD,
        (Excuse.TOPIC,),
    ),
    BlameRule(
        "person_left_out",
        r"{subject}\s+{LEFT_OUT}",
        "A person is measured by what they did not do.",
        STEP_INSTEAD,
        (
            Excuse.TOPIC,
            Excuse.REASON,
        ),
    ),
    BlameRule(
        "person_did_harm",
        r"{subject}\s+{HARMED}|\bit was {who}\s+(?:who|that)\s+{HARMED}"
        r"|{who}{TAIL}\s+[\w\s'-]{2,60}?\b(?:by (?:mistake|accident)|accidentally|mistakenly"
        r"|inadvertently|in haste|in a (?:hurry|rush|panic))\b|{subject}\s+(?:accidentally"
        r"|mistakenly|inadvertently|unwittingly|erroneously|incorrectly|wrongly)\b|\b(?:an?|the"
        r"|our|some) (?:[\w-]+ ){0,2}?(?:interns?|trainees?|apprentices?|juniors?|newcomer"
        r"|new hire|newbie|rookie|temp|contractors?|student)\b(?: (?:admin\w*|engineer|developer"
        r"|dba|operator))?{TAIL}\s+(?:wiped|deleted|dropped|erased|pushed|brought|broke|removed"
        r"|truncated|overwrote|unplugged|shut|ran the wrong)\b",
        "A person is made the cause of the harm.",
        NAMED_INSTEAD,
        (
            Excuse.TOPIC,
            Excuse.REASON,
        ),
    ),
    BlameRule(
        "person_judged",
        r"{subject}\s+{JUDGED}|\bwrong\b[\w\s]{0,30}\b(?:was|were) [a-z]+ by {someone}"
        r"|(?:although|even though|while) (?:he|she|they|{someone}) (?:knew|had been (?:told"
        r"|warned))\b|\bknowing (?:full well|that)\b|\bagainst (?:his|her|their) better\b",
        "What a person did is marked as wrong, not what made it look right.",
        KNEW_INSTEAD,
        (
            Excuse.TOPIC,
            Excuse.REASON,
            Excuse.DENIED,
        ),
    ),
    BlameRule(
        "made_the_cause",
        r"(?:caused by|because of|due to|down to|triggered by|(?:the )?fault of"
        r"|blame[ds]? (?:lies? with |on |for \w+ on )?|responsibility of|at the hands of"
        r"|lies? (?:squarely )?with|(?:traced?|goes) (?:[\w\s]{0,20})?(?:back )?to"
        r"|attributable to|attributed to)\s+(?:the |our |an? "
        r"|one )?(?:\w+ )?{who}(?=.*\b(?:nobody|down|lost|outage|failed|could not|couldn't"
        r"|broke\w*|wrong|again|not|who|because|without|alone)\b|.{0,40}$)|\b(?:thanks to"
        r"|courtesy of)\s+{someone}(?=.*\b(?:nobody could|no one could|down|lost|outage|failed"
        r"|could not|couldn't|broke|wrong|again|mess|without a)\b)(?!.*\b(?:saved|short\w*|found"
        r"|quick\w*)\b)|{who}{TAIL}\s+(?:is|was|are|were|remains?) (?:\w+ly )?(?:to blame"
        r"|at fault|the (?:cause|reason|culprit|problem|weak\w* link|one to blame)|guilty"
        r"|responsible for (?:the|this|that|all|our) (?:\w+ )?(?:outage|incident|failure|loss"
        r"|mess|damage|downtime|breach|disaster|problem|error|mistake|bug))|\b(?:this|that|it"
        r"|the (?:outage|incident|failure|fault|loss)|this one|blame)(?: (?:is|was|falls|lands"
        r"|rests))(?: (?:squarely|entirely|all|only))? (?:on|with) {who}"
        r"|{whose}\s+(?:[\w-]+\s+){0,2}?(?:change|commit|merge|deploy(?:ment)?|script|decision"
        r"|command|migration|edit|update|patch|query|fix|action|refactoring|release"
        r"|experiment)s?\s+(?:\w+ly )?(?:caused|broke|brought|led to|(?:was|were) the (?:reason"
        r"|cause|trigger)|took (?:the|down|out|everything|\w+ \w+ down)|destroyed|killed"
        r"|ruined)\b|\b(?:mistake|error|fault|omission|slip|oversight|blunder)s? (?:was|is|were"
        r"|are) (?:all |entirely |clearly )?(?:{named}|the \w+)'s\b|\b(?:if it (?:had not"
        r"|hadn't) been|had it not been|if it (?:were not|weren't|wasn't)) for {someone}(?!'s)"
        r"|{ENDED}[^.;]{0,40}?\b(?:because|since|after"
        r"|when)\s+(?:\w+ ){0,2}?{who}{TAIL}{LIMITED}\s+(?:had |simply |just |again "
        r"|\w+ly )*(?:ran|pushed|merged|deployed|turned|switched|did|changed|deleted|put|went"
        r"|thought|wanted|decided|insisted|kept|left|closed|typed|clicked|chose|rushed|had not"
        r"|hadn't|didn't|was|were|made|used|started|stopped)\b|{who},? who (?:had not|hadn't"
        r"|did not|didn't|never|should)\b|\bblames? (?:{who}|them|him|her)\b",
        "A person is named as the cause; people act within what the system lets them do.",
        NAMED_INSTEAD,
        (
            Excuse.TOPIC,
            Excuse.DENIED,
        ),
    ),
    BlameRule(
        "possessive",
        r"{whose}\s+(?:[\w-]+\s+){0,2}?(?:mistakes?|errors?|carelessness|fault"
        r"|failures?|failings?|negligence|oversights?|omissions?|typos?|blunders?|ignorance"
        r"|inexperience|incompetence|laziness|sloppiness|haste|impatience|attitude|lack of"
        r"|slips?|wrongdoing|inaction|stubbornness|misjudge?ment|poor \w+|bad \w+|sloppy \w+"
        r"|careless \w+|reckless \w+|clumsy \w+|slow(?:ness)? \w+|wrong \w+|inability|refusal"
        r"|indecision)\b(?! (?:budget|rate|log|code|report|message|handling|page)s?)",
        "The failure is given to a person as theirs.",
        NAMED_INSTEAD,
        (
            Excuse.TOPIC,
            Excuse.DENIED,
        ),
    ),
    BlameRule(
        "violation",
        r"{subject}\s+(?:violat(?:ed|es)|breach(?:ed|es)|bypass(?:ed|es)|circumvent(?:ed|s)"
        r"|broke|flouted|overrode|went (?:against|around|behind)|deviated from|short-?cut"
        r"|acted against|worked around)\b(?=.*\b(?:polic\w+|procedures?|rules?|process|protocol"
        r"|approval|checklist|freeze|standards?|guidelines?|review|gate|instructions?|agreement"
        r"|backs?)\b)|\b(?:in (?:clear |open |direct )?(?:violation|breach|defiance"
        r"|disregard) of|against (?:all |the |our |company |better )?(?:policy|procedure|rules"
        r"|instructions|advice|protocol|knowledge)|contrary to (?:the |our )?(?:policy|procedure"
        r"|rules|instructions|process|runbook)|outside (?:of )?the rules)\b"
        r"|\b(?:procedures?|process|polic(?:y|ies)|rules?|protocol|checklist|runbook"
        r"|guidelines?|instructions?|freeze|standards?|steps?|precautions) (?:\w+ )?(?:was"
        r"|were|had been"
        r"|has been|being) (?:simply |again |once more |deliberately |clearly "
        r"|knowingly )?(?:not (?:followed|respected|observed|adhered|kept)|never followed"
        r"|disregarded|ignored|violated|broken|flouted|bypassed|circumvented|skipped)\b",
        "A rule that was broken says nothing of why breaking it was the sensible way to get "
        "the work done.",
        "say how the work is really done, and what made the written way longer, unknown or "
        "impossible.",
        (
            Excuse.TOPIC,
            Excuse.DENIED,
            Excuse.REASON,
            Excuse.BY_MACHINE,
        ),
    ),
)
