"""Rules: blame that names nobody: human error, character, the passive, irony, questions."""

from domain.learning.blame_rule import STEP_INSTEAD, BlameRule, Excuse

UNNAMED = (
    BlameRule(
        "human_error",
        r"\b(?:human|operator|pilot|administrator|admin|engineer|developer|manual|personal"
        r"|individual|operational|handling"
        r"|typing)(?:'s)? (?:errors?|mistakes?|failures?|failings?|fault"
        r"|slips?|oversights?)\b(?!\s+(?:is|was|are|were|can|does|should) (?:never|not|no|where"
        r"|only|just|always a)\b)|\bhuman factor\b|\bpilot error\b|\bpebkac\b"
        r"|\bfat[- ]?finger\w*|\bfinger trouble\b|(?:cause|reason|due to|because of|by"
        r"|:)\W+(?:\w+ ){0,2}user errors?\b|^user error\b(?! (?:rate|page|code|count))"
        r"|\b(?:error|mistake|slip|failure|misstep|oversight|lapse) (?:that was )?(?:made "
        r"|committed )?(?:by|of|from|on the part of) (?:{someone}|an? human|humans)\b"
        r"|\b(?:simple|honest|silly|basic|classic|personal|individual) (?:mistake|error|slip)\b",
        "A human error is where the search begins: as a cause it leaves nothing to mend.",
        "ask what made the wrong step easy and the right one hard, and name that as the factor.",
        (
            Excuse.TOPIC,
            Excuse.DENIED,
        ),
    ),
    BlameRule(
        "character",
        r"{CHARACTER}",
        "It judges a person or their care; nothing follows from that for the next time.",
        "name the condition instead: what was hard to see, easy to mistake, or not there at all.",
        (
            Excuse.TOPIC,
            Excuse.DENIED,
            Excuse.MACHINE_NEXT,
            Excuse.MACHINE_FIRST,
        ),
    ),
    BlameRule(
        "passive",
        r"\b(?:was|were|been|being|got)\s+(?:then |again |simply |just |once more "
        r"|\w+ly )?(?:ignored|overlooked|forgotten|neglected|disregarded|mishandled"
        r"|rushed(?: through)?|pushed through|rubber-?stamped|waved through|brushed (?:aside"
        r"|off)|waved (?:aside|off|away)|played down|downplayed|laughed off|talked down"
        r"|swept (?:aside|under)|withheld|kept quiet|swallowed|sat on|skipped|skimmed|skimped"
        r"|cut short|left (?:lying|unattended|to rot)|not taken seriously|shrugged off"
        r"|glossed over|taken lightly|missed|dismissed|(?:badly|grossly|massively|totally"
        r"|seriously|hopelessly|completely) (?:underestimated|mismanaged|misjudged|misunderstood"
        r"|handled|planned|prepared))\b|\b(?:was|were|had been|has been|have been) (?:not"
        r"|never) (?:\w+ly )?(?:checked|followed|read|looked (?:at|into|after)"
        r"|(?:being )?(?:watched|looked after)|double-?checked|thought (?:through|of|about)"
        r"|considered|heeded|noticed|acted (?:up)?on|questioned|taken (?:seriously|into account)"
        r"|respected|consulted|cared for|picked up|(?:\w+ly|even once) (?:tested"
        r"|verified|reviewed|updated|documented|communicated|planned)|(?:tested|verified"
        r"|reviewed|planned|communicated|prepared|done|executed) (?:properly|carefully"
        r"|adequately|thoroughly|in time))\b|\b(?:was|were|had been|been) (?:\w+ly )?(?:approved"
        r"|merged|signed off|accepted|deployed|released|pushed|made|done|changed|applied|started"
        r"|run|carried out|shipped|executed|closed|acknowledged|deleted"
        r"|assumed)\b[\w\s]{0,30}?\b(?:without (?:being |any |even |first |proper |due |really "
        r"|prior )*(?:read|reading|tested|testing|checked|checking|looked at|looking|reviewed"
        r"|reviewing|thinking|thought|asking|asked|a (?:second )?(?:thought|look)|care|diligence"
        r"|permission|approval|consult\w+|understanding|telling|informing|waiting|verif\w+"
        r"|consideration|attention|notice)\b|(?:and )?then (?:left|forgotten|ignored)|in haste"
        r"|in a hurry|on a whim)|\b(?:sat|lay|stayed|remained|left|went) (?:there )?(?:unread"
        r"|unanswered|unopened|unattended|unheeded|unnoticed by everyone|ignored|forgotten)\b"
        r"|\b(?:was|were|been) not (?:passed on|handed over|relayed|mentioned|shared|forwarded"
        r"|taken up|followed up|written down|announced)\b|\b(?:not|never|n't)(?: been)? (?:\w+ed"
        r"|read|seen|done) (?:by anyone|by anybody)\b|\bnothing (?:was|had been"
        r"|has been) done\b|\bno (?:action|steps?|notice) (?:was|were|had been) taken\b|\b(?:was"
        r"|were|been) (?:\w+ed|done|made) (?:only |rather |very |quite )?(?:superficially|badly"
        r"|poorly|half-heartedly|sloppily|from memory|on the fly|half-way|at the last minute"
        r"|without (?:looking|reading|testing|checking|thinking|asking))\b|\b(?:was|were"
        r"|been) (?:opened|read|called|informed|told|escalated|noticed|involved|looked at"
        r"|pulled in|started|consulted|declared|paged|raised) (?:far |much |way )?too late\b"
        r"|\b(?:was|were) (?:\w+ed|given|done|made|run|put|set)\b[\w\s]{0,30}?\bwithout (?:even "
        r"|first |properly |really |once )*(?:looking|reading|testing|checking|thinking|asking"
        r"|telling|informing|consulting|understanding|permission|approval)\b|\bto (?:save time"
        r"|meet the (?:date|deadline)|get home)\b|\bout of (?:convenience|habit|laziness|boredom"
        r"|impatience)\b|\bfor convenience\b|\b(?:did not|didn't|never) (?:occur(?:red)? to"
        r"|cross (?:\w+'s|anyone's|anybody's|his|her|their) mind|crossed)\b|\b(?:was"
        r"|were) (?:quietly|silently|knowingly|deliberately|tacitly|casually|happily|routinely"
        r"|conveniently) (?:accepted|tolerated|approved|condoned|forgotten|dropped from)\b"
        r"|,? (?:and|but) (?:nobody|no one|none) (?:was|were|had been) (?:told|informed|asked"
        r"|warned)\b|\b(?:was|were"
        r"|been) [a-z]+ed\b[\w\s]{0,20}?\binstead of (?:being )?[a-z]+ed\b|\b(?:no|not|little"
        r"|insufficient|too little|not enough|proper|due|enough|sufficient|adequate|inadequate"
        r"|scant)\s+(?:\w+ )?(?:care|attention|diligence|thought|consideration|heed|regard"
        r"|caution)\s+(?:was|were|had been|has been|is)\s+(?:not |never |hardly )?(?:taken|paid"
        r"|given|exercised|used)\b|\b(?:mistakes|a mistake|errors|an error|several errors"
        r"|blunders|bad decisions|wrong decisions|bad choices|a bad call) (?:was|were|had been"
        r"|have been) made\b|\b(?:the|a) wrong [\w-]+(?: [\w-]+)? (?:was|were"
        r"|had been) (?:pressed|typed|entered|clicked|pulled|picked|chosen|selected|unplugged"
        r"|copied|pasted)\b|\b(?:was|were) (?:carelessly|recklessly|hastily|blindly|wrongly"
        r"|mistakenly|naively|foolishly) (?:assumed"
        r"|deleted|removed|approved|closed|merged|changed|trusted|dropped|disabled|turned"
        r"|switched|taken|pushed|applied|deployed)\b",
        "The passive hides a person who is blamed all the same.",
        STEP_INSTEAD,
        (
            Excuse.TOPIC,
            Excuse.REASON,
            Excuse.BY_MACHINE,
        ),
    ),
    BlameRule(
        "nobody_cared",
        r"\b(?:nobody|no one|no-one|none of (?:them|us|the \w+)|not a single (?:person"
        r"|\w+))(?: (?:on|in|at|of|from) (?:the |our )?\w+(?: \w+)?)? (?:even |ever |really "
        r"|actually |apparently |had )*(?:bothered|check(?:ed|s)|acted|looked|tested|took|takes"
        r"|cared?s?|thought (?:to|of|about|it)|verified|followed|reacted|paid|questioned"
        r"|double-?checked|felt|did anything|does anything|asked|wanted|(?:was|is) (?:paying"
        r"|watching)|reads?|stepped|spoke|owned|lifted)\b",
        "It asks of everybody what no part of the system asked of anybody.",
        "say what would have brought it to somebody: whose it was, and which alert, page or "
        "review shows it.",
        (
            Excuse.TOPIC,
            Excuse.REASON,
        ),
    ),
    BlameRule(
        "sarcasm",
        r"^(?:well done|great job|bravo|nice work|good job|thank you|thanks"
        r"|congratulations),? [\w\s]+, (?:another|for|again|once|yet)\b|\b(?:is"
        r"|are) for other (?:people|teams)\b|\bfor (?:dummies|beginners)\b|\bnot (?:his|her"
        r"|their) job\b|\b(?:nice|kind|good|generous|thoughtful|considerate) of {someone} to\b"
        r"|{someone}\s+(?:struck|strikes|did it|does it|at (?:his|her|their) best) again\b"
        r"|\bgenius\b|\bat large\b|\bonce more,? {someone}\b|\bof course,? (?:nobody|no one)\b"
        r"|\b(?:brilliant|great|fine|splendid|excellent|nice|lovely) (?:work|effort|thinking"
        r"|idea|job) (?:by|from|of) whoever\b|^(?:the )?{who},? (?:once |yet )?again\W*$"
        r"|{someone}.{0,60}?, as (?:always|usual"
        r"|ever)\b|^as (?:always|usual|ever), {someone}|\b(?:great"
        r"|nice|good|fine|lovely) (?:job|work|one|going)\b.{0,4}\bwhoever\b|\b(?:what"
        r"|no) (?:a )?(?:big )?surprise\b(?! party)|\bbelieve it or not\b|\bknew best\b"
        r"|\bof all people\b|\bhow hard can it be\b|\bour (?:dear |good |esteemed "
        r"|beloved )?(?:friends|colleagues|heroes|geniuses|experts|wizards|rock ?stars"
        r"|specialists) (?:in|from|at|over|of|on)\b(?=.*\b(?:again|surprised|managed|once"
        r"|decided|improvement\w*|brilliant|blessed|graced|gift|delight\w*|usual)\b)"
        r"|\bsurprised us (?:again )?with\b|\bsurprise, surprise\b|\bin (?:their|his|her"
        r"|its) infinite wisdom\b|\b(?:brilliant|genius|bright|great|wonderful|clever"
        r"|fantastic) idea (?:to|of)\b|\b(?:apparently|evidently|clearly|seemingly),? (?:reading"
        r"|testing|checking|looking|thinking|documentation|following|answering|it is (?:too"
        r"|asking)|nobody|no one)\b|\bis (?:apparently|evidently|clearly|obviously) (?:optional"
        r"|too (?:hard|much|difficult)|beyond)\b|\b(?:geniuses|masterminds?|masterpiece"
        r"|stroke of genius|bravo|slow clap|hats off to whoever|congratulations to"
        r"|kudos to whoever|well done to whoever|hardly rocket science|not rocket science"
        r"|who would have thought|what could possibly go wrong|too much to ask"
        r"|so-called (?:expert|engineer|specialist|review|senior)\w*)\b|(?:{subject})\s+\"\w+\""
        r"|\bthe \"(?:experts?|senior|professionals?|engineers?|team|review|fix"
        r"|improvements?|plan)\"|\b(?:as (?:usual|always|ever)|once again|yet again"
        r"|of course),? (?:the |our )?(?:\w+ )?{who}\s+(?!ack|respond|help|saved|did well)\w+"
        r"|\bthank you,? {who}\b.*\bfor (?:breaking|nothing|another)|\bgenerously\b"
        r"|\bgraced us\b|\bhad better things to do\b|\bmust be nice\b",
        "Irony judges a person, and whoever reads it stays silent the next time.",
        "say plainly what happened and what let it through.",
        (Excuse.TOPIC,),
    ),
    BlameRule(
        "rhetorical",
        r"\bwhy (?:did|does|do|was|is|has|had|would|were|have) (?:nobody|no one|anyone|anybody"
        r"|someone|{who}(?:\s+\w+)?\s+(?:not|never|ignore|forget|skip|miss|fail|neglect|think"
        r"|wait so|need so))\b|\bwhy (?:didn't|doesn't|wasn't|hasn't|hadn't|don't|wouldn't"
        r"|couldn't) (?:anyone|anybody|someone|they|we|people|{who}|the (?:\w+ )?{who})\b"
        r"|\bwhy was(?:n't| this not| it not| that not)\b.*\b(?:checked|noticed|tested|escalated"
        r"|read|caught|seen)\b|\bwhose (?:\w+ )?(?:idea|fault|decision|job|responsibility"
        r"|mistake|bright idea|watch) (?:was|is)\b|\bwhy (?:was|were|is"
        r"|are) {someone}{TAIL} (?:even |ever )?(?:allowed|permitted|trusted|let|given|near"
        r"|not)\b|\bdoes nobody\b|\bis nobody\b|\bhow (?:did|could|can|come) (?:nobody|no one"
        r"|anyone not|not one)\b|\bwho (?:was|were) (?:supposed|meant) to\b|\bwho should have\b"
        r"|\b(?:was|were|is|are) {someone}{TAIL} (?:even|really|actually"
        r"|seriously)\b.*\?|\bwhere (?:was|were) {someone}\b(?=.*\?)|\bhow (?:could|can|on earth"
        r"|did) (?:anyone|anybody|someone|they|{who}|(?:an?|the) (?:\w+ )?{who})\s+(?:possibly "
        r"|ever |even |not |miss|forget|overlook|ignore|fail|let|do this|think|approve|believe)"
        r"|\bwhat (?:was|were) (?:the |our )?(?:\w+ )?(?:{who}|they|you) (?:thinking|doing"
        r"|playing)\b|\bwho (?:let|allowed|broke|forgot|did this|thought|on earth|is to blame"
        r"|was to blame|is at fault|messed|screwed|is responsible for (?:this|the (?:outage|mess"
        r"|failure))|the hell|signed this off|was (?:asleep|sleeping))\b|\b(?:did|does|has|had"
        r"|do|have|was) (?:nobody|no one|anyone|anybody|the (?:\w+ )?{who}|{who}) (?:even|really"
        r"|actually|ever|seriously|bother\w*|not)\b.*\?",
        "The question asks for somebody to blame, not for what happened.",
        "ask what: “What did the responder see?”, “What would have shown it?”, “How does a "
        "change get past …?”",
        (Excuse.TOPIC,),
    ),
)
