"""Rules: what somebody should have known or done, and what is to become of them."""

from domain.learning.blame_rule import KNEW_INSTEAD, BlameRule, Excuse

IN_HINDSIGHT = (
    BlameRule(
        "counterfactual",
        r"\bif (?:only )?(?:{someone}|anyone|anybody|everyone|they|people){TAIL}(?:\s+(?:just"
        r"|only|simply))?\s+(?:had(?:n't| not)?|(?:would|could) have)\b(?!\s+(?:had|access|known"
        r"|no|a |an |the |more |been (?:given|shown|told|able|paged|alerted|allowed|on call"
        r"|asked|called|reached)))|(?:^|[,;:]\s*|\bavoided |\bhappened |\bnoticed |\bprevented "
        r"|\bshorter |^)had (?:{someone}|anyone|anybody|they){TAIL}(?:\s+(?:just|only|simply|not"
        r"|never))*\s+(?!had|access|known|no |a |an |been (?:given|shown|told|able|paged|alerted"
        r"|allowed|asked|called))[a-z]+|\bwould(?:n't| not"
        r"| never)? (?:still )?have [\w\s]{0,50}?\b(?:if|had) (?:only )?(?:{someone}|anyone"
        r"|anybody|people|everyone){TAIL}\s+(?:had\b)?(?!\s+(?:had|access|known|been (?:given"
        r"|shown|told|able|paged|alerted)))|\bif (?:only )?(?:{someone}|people|everyone"
        r"|everybody|they) (?:just|only|simply|actually|ever) \w+|\bwith (?:a |an "
        r"|any )?(?:better|different|other|more (?:experienced|careful|competent|senior"
        r"|attentive)|competent|good|awake) (?:{who}|people|hands)|\bwith (?:just "
        r"|only )?(?:a (?:little|bit) |some |a bit of |slightly |a touch )?more (?:care"
        r"|attention|thought|diligence|discipline|effort|caution|concentration|experience"
        r"|vigilance|foresight)\b|\b(?:could|would|might) (?:easily "
        r"|well )?(?:have )?(?:been )?(?:prevented|avoided|stopped|caught"
        r"|spared)[\w\s]{0,20}\b(?:if|had|by|with)\s+(?:{someone}|anyone"
        r"|people)\s+(?!being shown)|\b(?:all|the only thing) (?:he|she|they|{who}) (?:had"
        r"|needed) to do\b|\ball it (?:took|needed) was\b",
        "What a person might have done instead did not happen, and explains nothing of what did.",
        "say what did happen and what made it so, then what the system would need so that it "
        "goes otherwise.",
        (
            Excuse.TOPIC,
            Excuse.PRAISE,
        ),
    ),
    BlameRule(
        "hindsight",
        r"(?:{who}|\b(?:we|they|you|i|people|everyone|everybody|anyone|anybody"
        r")\b){TAIL}(?:\s+(?:\w+ly|just|all|at least|also|either"
        r"|really))?\s+(?:should(?:n't|\s+(?:not|never))?|ought(?:\s+not)?\s+to"
        r"|could\s+(?:have\s+)?(?:easily|simply|at least)|must)(?:\s+(?:\w+ly|just|at least|also"
        r"|never|not|at once))?(?:\s+have\s+(?:\w+ly\s+|at least\s+"
        r"|just\s+)?(?!{GIVEN}){PARTICIPLE}|\s+(?:avoided|prevented|known|seen|noticed))"
        r"|(?:{who}|\b(?:they|we|you)\b){TAIL}\s+(?:never should have|should never have"
        r"|had been warned|were warned|could (?:at least |simply |just |easily )?have (?!been"
        r"|lost|had)\w+)|\bexpect(?:s|ed)? (?:better|more) (?:from|of)\b"
        r"|\bexpect (?:{someone}) to (?!be\b)|\b(?:users?|customers?) should have (?:known"
        r"|read|checked|asked|followed|waited)\b|\beverybody knows that you\b|\b(?:any"
        r"|every)(?:one|body) (?:knows|knew) (?:that|not|better|you)\b|\bmatter of time (?:with"
        r"|until|before) (?:{someone}|they)\b|\bit took {someone}{TAIL} (?:far |much "
        r"|way )?(?:too long|ages|forever|an eternity)\b|(?:{who}|\b(?:they|we"
        r"|you)\b){TAIL}\s+(?:(?:was|were) (?:supposed|expected|meant) to (?!be (?:paged|told))"
        r"|had better\b|needed to know\b)|\b(?:anyone|anybody|any|everyone|every"
        r"|an? (?:competent|careful|experienced|sensible|good|proper|real|senior|decent|trained"
        r"|capable|more \w+|better|responsible|professional))\b[\w\s]{0,40}?\bwould(?:n't| not"
        r"| never)? have\s+(?:\w+ly\s+)?{PARTICIPLE}|\b(?:a|one|even a|any) (?:quick|single"
        r"|simple|brief|short|closer|five-\w+|proper|basic|moment'?s?) (?:look|glance|check|test"
        r"|read|search|phone call|call|question|thought|review)\b[\w\s]{0,40}?\bwould have\b"
        r"|\bwhy it took {someone}\b.*\b(?:long|late)\b|\bis beyond (?:me|us|belief"
        r"|comprehension)\b|(?:{who}|\b(?:they"
        r"|we)\b){TAIL}[\w\s]{0,30}?\b(?:must (?:surely )?know|should know)\b|\b(?:one|a single"
        r"|a) (?:look|glance)\b[\w\s]{0,40}?\bwould have\b|\b(?:is|was|were"
        r"|been) (?:\w+ly )?(?:avoidable|preventable|unnecessary)\b|\b(?:we|they|they all|we all"
        r"|everyone|everybody) (?:all )?(?:knew|saw) (?:this|that (?:this|it)|it) (?:would|was"
        r"|coming)\b|\b(?:it|this|that) (?:is|was|should have been"
        r"|ought to have been) (?:painfully |perfectly |blatantly |quite )?(?:obvious|blatant"
        r"|plain|foreseeable|predictable|common sense)\b|\bit was clear\b.*\b(?:yet|but"
        r"|still)\b.*\b(?:nobody|no one|{who})|\b(?:plain|clear|there|obvious) for (?:all"
        r"|everyone|everybody|anyone) to see\b|\bstaring (?:\w+ ){1,3}in the face\b"
        r"|\bin plain sight\b|\bin hindsight,? (?:it|this|the \w+) (?:is|was) (?:obvious"
        r"|clear)\b|\bknown better\b",
        "“Should have” judges by what is known now; at the time it was not.",
        KNEW_INSTEAD,
        (Excuse.TOPIC,),
    ),
    BlameRule(
        "hindsight_passive",
        r"\bshould(?:n't| not| never)? have (?:\w+ly )?been (?:\w+ly )?(?:noticed|seen|spotted"
        r"|caught|known|picked up|reali[sz]ed|foreseen|anticipated|checked|double-?checked"
        r"|questioned|read|obvious|understood|thought of|recogni[sz]ed|tested|reviewed|discussed"
        r"|predicted|prevented|clear to)\b",
        "It says what somebody should have seen or done, judged by what is known now.",
        KNEW_INSTEAD,
        (
            Excuse.TOPIC,
            Excuse.BY_MACHINE,
        ),
    ),
    BlameRule(
        "punishment",
        r"(?:{who}|\bthose (?:involved|responsible)|the responsible (?:engineer|person"
        r"|employee)s?){TAIL}\s+(?:has|have|had|was|were|will be|is being|are being|should be"
        r"|must be|needs? to be|to be)(?: been)? (?:\w+ly )?(?:spoken to|talked to|reprimanded"
        r"|disciplined|dismissed|fired|suspended|let go|written up|re-?trained|reminded|demoted"
        r"|cautioned|sanctioned|punished|moved (?:off|to another)|taken off|removed from (?:the"
        r"|on|call)|held (?:accountable|responsible|to account)|sent (?:home|back|on a)"
        r"|put on)\b|\b(?:receiv\w+|got|given|been given|issued) (?:with )?(?:an? )?(?:formal"
        r"|written|verbal|final|official|stern) (?:warning|reprimand|talking-to)\b|\b(?:will"
        r"|must|should|needs? to|has to|have to|is to|are to|to) (?:be re-?trained"
        r"|be held (?:accountable|responsible)|(?:\w+ )?(?:{MUST_CARE}))\b"
        r"|^(?:please )?(?:{MUST_CARE})\b|\b(?:in (?:the )?future|from now on|going forward"
        r"|next time),? (?:everyone|everybody|all \w+|people|we all"
        r"|{someone})\b[\w\s]{0,20}?\b(?:must|has to|have to|should|shall|will|needs? to)\b"
        r"|\b(?:everyone|everybody|all (?:engineers|developers|operators|staff|teams|reviewers"
        r"|of us)|people|engineers|developers|operators|reviewers"
        r"|administrators)\b[\w\s]{0,40}?\b(?:must|should|shall|may|have to|has to"
        r"|needs? to) (?:\w+ly )?(?:not |never |always |finally )?(?:check|read|follow|remember"
        r"|make sure|think|ask|learn|write|deploy|touch|push|merge|know|understand|respect"
        r"|double-?check|look|test)\b|\bmake sure (?:that )?(?:their people|everyone|everybody"
        r"|people|engineers|developers|all \w+|the team)\b|\b(?:anyone|whoever|those"
        r"|people) who \w+[\w\s]{0,40}?\bwill (?:lose|be|face|get|have)\b"
        r"|{someone}(?: (?:concerned|involved|responsible|in question))\b[\w\s]{0,10}?\b(?:will"
        r"|has|have|must|was|were|is|are)\b|\b(?:refresher|remedial) (?:course|training)\b"
        r"|\btrained on [\w\s]+ again\b|\b(?:be|are|is|were) held (?:accountable|to account)\b"
        r"|\bremind(?:ed)? (?:everyone|everybody|all (?:staff|\w+)|people|the (?:\w+ )?team"
        r"|{who}|(?:the )?(?:engineers|developers|operators))\b[\w\s]{0,20}\b(?:to|that|of)\b"
        r"|\bdisciplinary\b|\breprimand\w*|\bHR (?:has|was|is|will|have)\b"
        r"|\bface (?:the )?consequences\b|\bconsequences for\b(?=.*(?:{who}|those|responsible"
        r"|person))|\b(?:talk|speak|have a word) (?:to|with) {who}(?: \w+)? about\b|\b(?:stern"
        r"|serious) (?:word|talk)\b|(?:{who}).{0,60}?\b(?:will|shall|must|should|may|can)(?: not"
        r"|n't| no longer| never) (?:\w+ )?(?:get|have|receive|be given|be allowed|be trusted"
        r"|touch|keep|deploy)\b(?!.*\b(?:because|until the tool)\b)|(?:{who}"
        r"|\bmembers\b){TAIL}\s+(?:has|have|had|is|are|was|were"
        r"|will be)(?: been)? (?:\w+ly )?(?:told|informed|advised|made aware|urged|instructed"
        r"|encouraged|asked|reminded|requested)\b[\w\s]{0,20}?\b(?:must|not|never|again"
        r"|careful\w*|attention|seriously|follow|read|better|twice)\b|\bno longer (?:welcome"
        r"|trusted|allowed)\b|{someone}[\w\s]{0,20}\b(?:is|are|was|were|been) (?:banned|barred"
        r"|blacklisted)\b|\bshould not be (?:allowed|trusted) (?:to|with)\b"
        r"|\bnot (?:be )?fit (?:to|for)\b|(?:{whose})\s+(?:\w+ )?(?:rights|access"
        r"|permissions?|privileges|bonus|account)\b[\w\s]{0,15}?\b(?:revoked|removed|withdrawn"
        r"|taken away|cut|suspended|blocked)\b(?=.*\b(?:consequence|until|because|after"
        r"|permanent\w*|as a)\b|\W*$)",
        "Punishment, or an appeal to be careful, teaches people to stay silent and changes no "
        "system.",
        "replace it by a change that holds without anybody's memory or care: a check, a "
        "default, a limit.",
        (
            Excuse.TOPIC,
            Excuse.DENIED,
            Excuse.MACHINE_FIRST,
        ),
    ),
)
