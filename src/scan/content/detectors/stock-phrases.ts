/**
 * How services address their callers in errors. The words are those of talk, but everybody gets the same: whole
 * phrases are known, so that an echo beside them stays what it is.
 */
const PHRASES: readonly string[] = [
  '(?:sorry|we apologi[sz]e)(?: about| for) (?:that|this|the (?:inconvenience|delay))',
  'please (?:modify your (?:prompt|request|input) and )?(?:retry|try again)(?: your request)?(?: later| shortly| in a (?:moment|few (?:seconds|minutes)))?',
  'please (?:wait|slow down|reduce|shorten|check|verify|ensure|make sure|provide|specify|set|use|pass|update|upgrade|see|visit|go to|refer to|read|contact|reach out|open|file|report|migrate|remove|add|enable|restart|review|note|consider|configure|install|choose|select|include|increase|decrease|create|change|correct|click)(?: (?:that|to|out|at|us|your|the|a|an))*',
  "you (?:have |'ve )?exceeded your (?:current |monthly |daily )?(?:quota|budget|limit|rate limit|credit balance)",
  '(?:or )?you (?:do not|don.t|may not) have (?:access|permission|authorization|the (?:required|necessary) permissions?)(?: to (?:it|this|use|access|view))?',
  '(?:and )?you (?:can|must|need to|should|may) (?:find|view|check|obtain|manage|see|get|set|use|provide|pass|specify|add|enable|request|increase|retry|try|contact|create|purchase|upgrade)(?: (?:your|the|an?|this|it|more|again))*',
  'if (?:the|this) (?:problem|issue|error) (?:persists|continues)|if you (?:believe|think) this is (?:an error|a mistake)|if you (?:need|want) to',
  '(?:for|to get) (?:more|further) (?:information|details|help)(?: (?:on|about) this(?: error)?)?|to learn more(?: about)?|learn more(?: about)?|see the docs',
  'we (?:are|were) (?:currently |temporarily )?(?:experiencing|unable|processing|not able)|we (?:could not|couldn.t|cannot)|our (?:servers?|systems?|help cent(?:er|re)|support team|content management policy)',
  'your (?:organi[sz]ation|account|request|plan|billing|project|api key|credit balance|subscription|quota|key|team|budget|prompt|input|message|messages) (?:must|has|have|was|were|is|are|does|did|resulted|contains?|exceeds?)(?: been)?(?: not)?',
  'did you mean|are you sure|do you (?:want|need) to|would you like to|let us know',
];
const STOCK = new RegExp(`\\b(?:${PHRASES.join('|')})\\b`, 'gi');
const ADDRESSING = /\b(?:please|you|your|we|sorry|our|learn|information|details|if the|if this)\b/i;

/** A text in which those phrases are one word of operations. */
export function withoutStockPhrases(text: string): string {
  return ADDRESSING.test(text) ? text.replaceAll(STOCK, 'error') : text;
}
