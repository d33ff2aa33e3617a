"""Verbs and judgements that say of people what is only said of people, or only meant as blame.

Each is a part of a regular expression; `blame_rule.BlameRule` names them in braces.
"""

PARTICIPLE = (
    r"(?:been|known|seen|done|gone|taken|thought|caught|read|told|kept|held|run|put|left"
    r"|built|sent|gotten|found|made|spoken|stopped|understood|woken|written|set|let|drawn"
    r"|begun|come|paid|chosen|asked|(?!need\b)\w{2,}ed)\b"
)
"""What was done: `known`, `asked`."""
GIVEN = (
    r"(?:been (?:paged|called|told|alerted|notified|warned|given|able|shown|informed|blocked"
    r"|asked|prompted|invited|added|reached|sent|allowed|woken|trained|involved|offered"
    r"|protected|spared)|received|seen (?:a|an|the) (?:warning|prompt|message|banner|alert"
    r"|page|maintenance)|had)"
)
"""What people should have been given: this blames nobody."""
FAILED = (
    r"(?:forg[eo]t(?:ten|s)?\b|neglect(?:ed|s)\b|ignor(?:ed|es|ing)\b|disregard(?:ed|s)\b"
    r"|botched|bungled|fumbled|rubber-?stamp(?:ed|s)?|cut corners|knew better|overslept"
    r"|(?:messed|screwed|fouled|stuffed|cocked)\b|ma[dk]e?s? (?:such )?a (?:complete "
    r"|real )?mess|dropped the ball|slept\b|(?:fell |fast )?asleep\b|dozed|panicked"
    r"|lost (?:control|the plot|track|(?:his|her|their) (?:head|nerve|temper))|(?:could|can"
    r"|would)(?: not|n't) be bothered|(?:did|does|do)(?: not|n't) (?:even )?(?:bother|care"
    r"|listen|take (?:it|this|that|the \w+) seriously|pay|bother)\b|(?:did|does|do)(?: not"
    r"|n't) know (?:what|how|their|his|her)\b.{0,20}\b(?:doing|job|works?)\b"
    r"|never (?:even )?(?:bother\w*|care\w*|reads?|tests?|checks?|checked|tested"
    r"|looks?|looked|listens?|listened|asks?|asked|learns?|learned|thinks?|thought|follow\w*"
    r"|update[sd]?)\b|refused to (?:follow|listen|read|test|answer|help|wait|accept|join)"
    r"|had no (?:idea|clue|business|excuse)|not paying attention|paying no attention|(?:made"
    r"|making|make) (?:a|an|the|another|this|that|several|some|two"
    r"|one) (?:\w+ )?(?:mistakes?|errors?|typos?|slips?|blunders?|bad call|wrong (?:call"
    r"|decision|assumption))|careless|too (?:slow|late|eager|confident|lazy|busy|proud|quick"
    r"|hasty|tired|relaxed) to\b|too slow\b|(?:is|was|were|got"
    r"|became) (?:too )?(?:complacent|distracted|lazy|overconfident|unprepared|confused"
    r"|overwhelmed|hasty|reckless|negligent|to blame|at fault|guilty)|let (?:us|the (?:team"
    r"|company|side)|everyone|everybody|our customers) down|left (?:us|the \w+) hanging"
    r"|went rogue|caved|clicked blindly|left (?!the (?:call|room|bridge|meeting|company"
    r"|channel|building|team)\b)(?:behind |the |a |an |it |everything |his |her "
    r"|their )[\w\s]{0,40}?\b(?:on|open|unlocked|behind|mess|enabled|disabled|running"
    r"|unattended|lying|unfinished|half\w*|in production)\b|left behind a\b|had (?:one job"
    r"|every (?:chance|reason to|opportunity)|ample (?:time|warning)|plenty of)\b"
    r"|(?:knowingly|will?fully|wantonly|brazenly|unthinkingly) [a-z]+|left (?:too "
    r"|far too )?early\b|(?:obviously|clearly|evidently|apparently|plainly) (?:had "
    r"|has )?(?:never|no)\b|played around|wasted\b|lack(?:s|ed) (?:the |any |basic "
    r"|all )?(?:discipline|care|attention|diligence|rigou?r|competence|sense|experience|will"
    r"|commitment|knowledge|skills?|understanding)\b|ha[sd] no (?:discipline|sense|respect"
    r"|interest|clue|understanding)\b|(?:is|are|was|were) notorious\b|let (?:the|it|this"
    r"|that|things|his|her|their) (?:\w+ )?(?:drift|slide|slip|expire|lapse|fill|run (?:out"
    r"|wild|away)|go|get out of)\b|(?:argued|quarrel\w+|bickered|squabbled) |(?:was|were|is"
    r"|are|been) (?:just |only |merely |simply )?guess(?:ing|ed)\b|guessed\b|gambled"
    r"|hoped for the best|(?:is|was|were|are) (?:un(?:reachable|responsive|willing"
    r"|cooperative|interested|able to be bothered)|nowhere to be (?:found|seen)"
    r"|missing in action|absent|sleeping|out of (?:his|her|their) depth|not up to"
    r"|the wrong person|ill-prepared|sloppy|clueless)|went (?:to (?:lunch|bed|sleep|dinner)"
    r"|home|off|for (?:a )?(?:lunch|coffee|drinks))\b|(?:is|was|are"
    r"|were) (?:well )?known (?:for|to)\b|(?:has|have|had) a (?:habit|history|reputation"
    r"|track record|tendency)|tend(?:s|ed)? to\b|keeps? (?:\w+ly )?(?:\w+)ing\b|(?:took"
    r"|takes|take) (?:a |the |every |unnecessary |some "
    r"|an unnecessary )*(?:short-?cuts?|risks?|gamble|easy way|liberties)\b|(?:would"
    r"|will)(?: not|n't) (?!have\b|be (?:able|paged|blamed)|need\b)\w+|refus(?:ed|es) (?:to"
    r"|any|all|every)\b|got what (?:they|he|she) deserved|only has \w+sel\w+ to thank"
    r"|believed (?:his|her|their) own|played with|fooled around|messed around|tinkered"
    r"|improvis\w+|winged it|rushed\b|jumped to (?:a )?conclusions?|bit off|pretended|lied\b"
    r"|concealed|covered (?:it )?up|hid (?:it|the|this)\b|blamed\b|passed the buck"
    r"|looked the other way|turned a blind eye|shrugged|(?:always|never) (?!had\b|been\b"
    r"|could\b|has\b|have\b|was\b|were\b|saw\b|received\b|got\b)(?:[a-z]+s|[a-z]+ed|told"
    r"|said|gave|took|went|came|wrote|spoke)\b"
    r"|(?:blindly|foolishly|naively|stupidly|wrongly|mistakenly|carelessly|recklessly) \w+)"
)
"""Failing as only people do; no reason excuses the word."""
LEFT_OUT = (
    r"(?:fail(?:ed|s)? to\b|fail(?:ed|s) (?:the|us|our)\b|(?:did|does)(?: not|n't) (?:even "
    r"|properly |fully )?(?:check|test|look|notice|verify|follow|escalate|respond|react"
    r"|inform|tell|ask|think|understand|reali[sz]e|update|review|monitor|communicate|call"
    r"|pick up|answer|wait|roll|read|consider|question|double-?check|coordinate|validate"
    r"|announce|act|do (?:his|her|their|its|the))\b|missed\b|overlook(?:ed|s)\b|skipp(?:ed"
    r"|ing)\b|not doing (?:his|her|their)\b|omitted\b|misread|misunderstood|misjudged"
    r"|misconfigured|mistyped|misinterpreted|misdiagnosed|mishandled|underestimated"
    r"|waited too long|took (?:far |much )?too long|reacted too|(?:did|does)(?: not"
    r"|n't) (?:even |really |ever )?(?!have\b|see\b|know\b|get\b|receive\b|need\b|lose\b"
    r"|do anything\b|do a thing wrong|make a mistake|cause\b|hear\b|want to blame|change\b"
    r"|touch\b|expect\b|find\b|mean\b|own\b|deserve\b|matter\b|feel safe|fail\b|forget\b"
    r"|miss\b|ignore\b|panic\b|mind\b)[a-z]+|(?!help\b)[a-z]+(?:ed"
    r"|ing)?\b[\w\s,']{0,50}?\binstead of (?:just |simply |first )?[a-z]+ing\b|put off\b"
    r"|postponed\b|hesitated|dawdled|dithered|delayed\b|stood by|sat on|not (?:check|test"
    r"|read|verif)\w*)"
)
"""What people left out; a reason excuses it."""
JUDGED = (
    r"(?!found|notic|saw\b|spotted|report|correct|fix|revert|remov|replac|told\b|tells\b"
    r"|asked|show|identif|stopp|confirm|discover|suspect|warn|point|flag|recogn|ruled|search"
    r"|did (?:nothing|no)\b|made no|had nothing|look(?:ed|s) for|expect|learn|explain"
    r"|describ|discuss|agreed|mention|could|had (?:no|only|access)|was (?:shown|given|told"
    r"|paged)|were (?:shown|given|told|paged)|is |are |restor|clean|help|recover|rewr|isolat"
    r"|close)[a-z]+\b[\w\s'-]{0,60}?\b(?:wrong(?:ly)?|bad(?:ly)?|poor(?:ly)?|contradict\w*"
    r"|confusing|misleading|useless(?:ly)?|unnecessar(?:y|ily)"
    r"|incorrect(?:ly)?|dangerous(?:ly)?|hast(?:y|ily)|chaotic(?:ally)?|misguided|slowly"
    r"|incomplete(?:ly)?|pointless(?:ly)?|in vain|for nothing|the worst|at random"
    r"|by guess\w*|slip through|the easy way|a mess|false hope)\b"
)
"""What was done wrong, by whoever did not find it or put it right."""
HARMED = (
    r"(?:broke(?!\s+(?:the |it |this )?[\w\s]*\b(?:into|down|out)\b)|caus(?:ed|ing)\b"
    r"|brought (?:down|\w+ \w+ down)|crashed|corrupted|ruined|wrecked|destroyed"
    r"|killed production|took (?:down|out)\b|took (?:the |our )?(?:whole "
    r"|entire )?(?:production|site|region|company|platform|cluster|gateway|\w+ \w+) down"
    r"|(?:ran|typed|pushed|pressed|pulled|chose|picked|selected|entered|deleted|restarted"
    r"|clicked|copied|deployed|drew|used|edited|dropped|updated|changed|unplugged|stopped"
    r"|merged) (?:\w+ )?(?:in )?(?:the|a) wrong\b|(?:merged|pushed|shipped|deployed|released"
    r"|committed) (?:the |a |an |his |her |their )?(?:\w+ )?(?:broken|untested|faulty|bad"
    r"|buggy|unreviewed|half-finished)\b)"
)
"""Doing harm."""
CHARACTER = (
    r"\b(?:careless(?:ly|ness)?|slopp(?:y|ily|iness)|laz(?:y|iness)|negligen(?:t|ce|tly)"
    r"|incompeten(?:t|ce|tly)|reckless(?:ly|ness)?|irresponsib(?:le|ly|ility)"
    r"|unprofessional(?:ly|ism)?|stupid(?:ly|ity)?|idiot(?:ic|s|ically)?|foolish(?:ly"
    r"|ness)?|thoughtless(?:ly|ness)?|inattenti(?:ve|on)|complacen(?:t|cy)|amateur(?:s"
    r"|ish)?|clueless|ignorance|arrogan(?:t|ce|tly)|inexcusabl[ey]|unforgivabl[ey]|carefree"
    r"|(?:dumb|silly|rookie|beginner'?s?|schoolboy|basic|elementary|embarrassing|avoidable"
    r"|needless) (?:mistakes?|errors?|ideas?|moves?|blunders?)"
    r"|inexperienced? (?:\w+ )?(?:engineer|developer|operator|colleague|staff|person"
    r"|admin\w*|team)s?|(?:lack|want|absence) of (?:basic |any |proper )?(?:discipline|care"
    r"|attention|diligence|rigou?r|competence|common sense|experience|professionalism"
    r"|responsibility|commitment|interest|effort|thought|foresight|concentration|skill"
    r"|knowledge|judge?ment|vigilance)|(?:bad|poor|wrong) (?:attitude|judge?ment|workmanship"
    r"|discipline|work ethic)|unacceptabl[ey]|half-hearted(?:ly)?|cowboy\w*|shod(?:dy"
    r"|dily)|(?:sheer|pure"
    r"|plain) (?:haste|impatience|ego|pride|boredom|luck of)|impatience|hubris|egos?|apathy"
    r"|indifference|overconfidence|naivety|naïvety|stubbornness|attitude|mentality"
    r"|superficial(?:ly|ity)?|blindly|poorly thought|ill-considered|ham-fisted"
    r"|gross\w* mis\w+)\b"
)
"""Judgements of character and care."""
MUST_CARE = (
    r"(?:be|been) (?:more |extra |a (?:bit|lot|little) more )(?:careful|diligent|attentive"
    r"|vigilant|disciplined|thorough|responsible|cautious|mindful|conscientious|alert"
    r"|precise)|(?:pay|paid|paying) (?:\w+ )?(?:more|closer|better|greater|proper) attention"
    r"|try harder|take (?:more|better|greater) care\b|do (?:a )?better (?:job|next time)"
    r"|think (?:twice|before)"
)
"""Appeals to be careful."""
ENDED = (
    r"\b(?:outages?|incidents?|failures?|crash(?:ed|es)?|(?:data )?loss|downtime|breach"
    r"|problems?|disaster|went down|was down|broke|failed|lost|happened|fell over"
    r"|unavailable|errors?|delay(?:ed)?|this)\b"
)
"""What an outage is called."""
LIMITED = (
    r"(?!\s+(?:had (?:no|only|been (?:given|told|shown|paged|blocked|locked))|could"
    r"|was (?:not|never)|were (?:not|never)|did not have|didn't have|lacked|needed|expected"
    r"|saw|had to|has to|is not|are not|has no|have no|on call|was (?:alone|on|in)"
    r"|were (?:on|in)))"
)
"""Not: what kept a person from acting."""

WORDS = {
    "{PARTICIPLE}": PARTICIPLE,
    "{GIVEN}": GIVEN,
    "{FAILED}": FAILED,
    "{LEFT_OUT}": LEFT_OUT,
    "{JUDGED}": JUDGED,
    "{HARMED}": HARMED,
    "{CHARACTER}": CHARACTER,
    "{MUST_CARE}": MUST_CARE,
    "{ENDED}": ENDED,
    "{LIMITED}": LIMITED,
}
