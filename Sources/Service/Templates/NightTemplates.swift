/// What the run of a night says of itself, and what a candidate would have said.
enum NightTemplates {
  static let night = """
    {{<layout}}{{$main}}
    <p class="soft"><a href="/bundles#bundle-{{id}}">Bundles</a> / {{profile}}</p>
    <h1>{{profile}}, epoch {{epoch}} {{day}}, revision {{revision}}</h1>
    <p>Model {{model}}. <a href="/bundles/{{id}}/report">Run report</a> ·
    <a href="/?profile={{profileQuery}}&amp;epoch={{epoch}}&amp;state=any">its queue</a> · this page
    as <a href="/nights/{{id}}/night.csv">CSV</a> <a href="/nights/{{id}}/night.json">JSON</a>
    {{#beforeHref}} · <a href="{{.}}">the night before, {{beforeName}}</a>{{/beforeHref}}
    {{^beforeHref}} · no night before it is here{{/beforeHref}}
    {{#revisions}} · <a href="{{href}}">{{text}}</a>{{/revisions}}</p>
    {{#hasNotices}}<section aria-labelledby="notices"><h2 id="notices">What the run notes</h2>
    <ul>{{#notices}}<li>{{.}}</li>{{/notices}}</ul></section>{{/hasNotices}}
    <section aria-labelledby="verdicts"><h2 id="verdicts">Verdicts</h2>
    <figure>{{{drawingMarkup}}}<figcaption>This night above{{#beforeHref}}, the one before below
    {{/beforeHref}}; numbers in the table.</figcaption></figure>
    <div class="wide" role="region" aria-label="Nodes by verdict" tabindex="0">
    <table><caption>Nodes by verdict</caption><thead><tr><th scope="col">Verdict</th>
    <th scope="col" class="n">Nodes</th><th scope="col" class="n">Share</th>
    <th scope="col" class="n">Night before</th><th scope="col" class="n">Share</th></tr></thead>
    <tbody>{{#verdicts}}<tr><th scope="row">{{>verdict}}</th><td class="n">{{nodes}}</td>
    <td class="n">{{share}}</td><td class="n">{{before}}</td><td class="n">{{beforeShare}}</td></tr>
    {{/verdicts}}</tbody></table></div></section>
    <section aria-labelledby="books"><h2 id="books">Books</h2>
    <p>{{balance}}</p>
    <table><caption>Records of {{files}} log files</caption><thead><tr><th scope="col">Records</th>
    <th scope="col" class="n">This night</th><th scope="col" class="n">Night before</th></tr>
    </thead><tbody>{{#books}}<tr><th scope="row">{{name}}</th><td class="n">{{value}}</td>
    <td class="n">{{before}}</td></tr>{{/books}}</tbody></table></section>
    <section aria-labelledby="guards"><h2 id="guards">Guard alarms</h2>
    {{#hasMuted}}<div class="wide" role="region" aria-label="Muted checks" tabindex="0">
    <table><caption>Checks that failed on more nodes than can be at fault: they hold
    instead of rejecting until somebody examines them</caption><thead><tr>
    <th scope="col">Check</th><th scope="col" class="n">Failed on</th>
    <th scope="col" class="n">Nodes held by it</th><th scope="col" class="n">Night before</th></tr>
    </thead><tbody>{{#muted}}<tr><th scope="row"><code>{{name}}</code></th>
    <td class="n">{{value}}</td><td class="n">{{held}}</td><td class="n">{{before}}</td></tr>
    {{/muted}}</tbody></table></div>{{/hasMuted}}
    {{^hasMuted}}<p class="none">No check was muted.</p>{{/hasMuted}}</section>
    <section aria-labelledby="drift"><h2 id="drift">Drift since training</h2>
    <p>{{driftWords}}</p>
    {{#hasDrift}}<div class="wide" role="region" aria-label="Table of drift" tabindex="0">
    <table><caption>The farthest first. The dashed line is the alarm; a feature has drifted where
    both figures are above it.</caption><thead><tr><th scope="col">Feature</th>
    <th scope="col" class="n">Stability index</th><th scope="col">of the alarm</th>
    <th scope="col" class="n">Moved, in spreads</th><th scope="col" class="n">Index the night before
    </th></tr></thead><tbody>
    {{#drift}}<tr><th scope="row"><code>{{name}}</code>{{#word}}
    <span class="tag">{{.}}</span>{{/word}}</th><td class="n">{{index}}</td>
    <td>{{{drawingMarkup}}}</td><td class="n">{{moved}}</td><td class="n">{{before}}</td></tr>
    {{/drift}}</tbody></table></div>{{/hasDrift}}</section>
    <section aria-labelledby="codes"><h2 id="codes">Reasons</h2>
    {{#hasReasons}}<div class="wide" role="region" aria-label="Table of reasons" tabindex="0">
    <table><caption>Nodes that a reason was given for, accepted ones too</caption>
    <thead><tr><th scope="col">Reason</th><th scope="col" class="n">Nodes</th>
    <th scope="col" class="n">Night before</th></tr></thead><tbody>
    {{#reasons}}<tr><th scope="row"><a href="{{href}}"><code>{{name}}</code></a></th>
    <td class="n">{{value}}</td><td class="n">{{before}}</td></tr>
    {{/reasons}}</tbody></table></div>{{/hasReasons}}
    {{^hasReasons}}<p class="none">A corrected revision does not count them; the run's own does.</p>
    {{/hasReasons}}</section>
    {{>shadow-runs}}
    {{/main}}{{/layout}}
    """

  static let shadows = """
    <section aria-labelledby="shadows"><h2 id="shadows">Shadow runs</h2>
    {{#hasShadows}}<div class="wide" role="region" aria-label="Table of shadow runs" tabindex="0">
    <table><caption>The same night judged by a candidate; nobody is paid by it</caption>
    <thead><tr><th scope="col">Candidate</th><th scope="col" class="n">Would flip</th>
    <th scope="col" class="n">Of nodes</th><th scope="col">Differs in</th>
    <th scope="col">Imported</th></tr></thead><tbody>
    {{#shadows}}<tr><th scope="row"><a href="{{href}}">{{name}}</a></th><td class="n">{{flips}}</td>
    <td class="n">{{common}}</td><td>{{settings}}</td><td>{{time}}</td></tr>
    {{/shadows}}</tbody></table></div>{{/hasShadows}}
    {{^hasShadows}}<p class="none">None: <code>assayd shadow BUNDLE CANDIDATE</code> brings one.</p>
    {{/hasShadows}}</section>
    """

  static let shadow = """
    {{<layout}}{{$main}}
    <p class="soft"><a href="{{nightHref}}">The night</a> / shadow run</p>
    <h1>Who would flip: {{profile}}, epoch {{epoch}}</h1>
    <p>{{words}} <a href="/shadows/{{id}}/flips.csv">CSV</a>
    <a href="/shadows/{{id}}/flips.json">JSON</a></p>
    {{#otherEvidence}}<p class="notice">{{.}}</p>{{/otherEvidence}}
    <table><caption>What the two were made with, where it differs</caption><thead><tr>
    <th scope="col">Setting</th><th scope="col">In force</th><th scope="col">Candidate</th></tr>
    </thead><tbody>{{#settings}}<tr><th scope="row">{{name}}</th><td><code>{{before}}</code></td>
    <td><code>{{after}}</code></td></tr>{{/settings}}
    {{^settings}}<tr><td colspan="3" class="none">Nothing that the statements name.</td></tr>
    {{/settings}}</tbody></table>
    <h2>From and to</h2>
    <table><caption>Nodes by verdict in force and the candidate's</caption><thead><tr>
    <th scope="col">In force</th><th scope="col">Candidate</th><th scope="col" class="n">Nodes</th>
    </tr></thead><tbody>{{#transitions}}<tr><th scope="row">{{#from}}{{>verdict}}{{/from}}</th>
    <td>{{#to}}{{>verdict}}{{/to}}</td><td class="n">{{nodes}}</td></tr>{{/transitions}}</tbody>
    </table>
    <h2>Flips</h2>
    {{>flips}}
    {{#nextHref}}<p><a href="{{.}}" rel="next">Next page</a></p>{{/nextHref}}
    {{/main}}{{/layout}}
    """

  static let flips = """
    <div class="wide" role="region" aria-label="Table of flips" tabindex="0">
    <table><caption>Those with the most units at stake first</caption><thead><tr>
    <th scope="col">Node</th><th scope="col">In force</th><th scope="col">Candidate</th>
    <th scope="col">Why</th><th scope="col" class="n">q</th>
    <th scope="col" class="n">Strangeness</th><th scope="col" class="n">Units</th></tr></thead>
    <tbody>
    {{#flips}}<tr><th scope="row">{{#href}}<a href="{{.}}">{{{nameMarkup}}}</a>{{/href}}
    {{^href}}{{{nameMarkup}}} <span class="soft">not in the queue</span>{{/href}}</th>
    <td>{{#from}}{{>verdict}}{{/from}}</td><td>{{#to}}{{>verdict}}{{/to}}</td>
    <td>{{#gained}}<p>gains <code>{{.}}</code></p>{{/gained}}
    {{#lost}}<p>loses <code>{{.}}</code></p>{{/lost}}
    {{#isSame}}<p class="soft">the same reasons, other numbers</p>{{/isSame}}</td>
    <td class="n">{{q}}</td><td class="n">{{raw}}</td><td class="n">{{units}}</td></tr>
    {{/flips}}
    {{^flips}}<tr><td colspan="7" class="none">Nobody.</td></tr>{{/flips}}
    </tbody></table></div>
    """
}
