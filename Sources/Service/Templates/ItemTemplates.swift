/// The page of a node.
enum ItemTemplates {
  static let page = """
    {{<layout}}{{$main}}
    <p class="soft"><a href="/" data-key="b">Queue</a> / {{profile}} / epoch {{epoch}} {{day}},
    revision {{revision}}</p>
    <h1>{{{nodeMarkup}}} {{>verdict}}</h1>
    <p>The verdict {{meaning}}.{{#runVerdict}} The run said {{.}}; it was corrected.{{/runVerdict}}
    Peer group {{{groupMarkup}}}.
    {{#nodeOwner}}Owner <a href="{{href}}">{{{nameMarkup}}}</a>.{{/nodeOwner}}</p>
    <dl class="measures">{{#measures}}<div><dt>{{name}}</dt><dd>{{value}}</dd></div>{{/measures}}
    </dl>
    <p>{{statement}} {{pWords}}</p>
    <div class="two">
    <div>
    {{>reasons}}
    {{>grounds}}
    {{>records}}
    {{>story}}
    </div>
    <div class="side">
    {{#acts}}{{>acts}}{{/acts}}
    {{>decisions}}
    </div>
    </div>
    {{/main}}{{/layout}}
    """

  static let reasons = """
    <section aria-labelledby="reasons"><h2 id="reasons">Reasons</h2>
    <figure>{{{sharesMarkup}}}
    <figcaption>Shares of the score, in the order of the table.</figcaption></figure>
    <div class="wide" role="region" aria-label="Table of reasons" tabindex="0">
    <table class="reasons"><caption>What speaks against it, the strongest first</caption>
    <thead><tr><th scope="col">Reason</th><th scope="col">Share</th>
    <th scope="col">Against its peers</th></tr></thead>
    <tbody>
    {{#reasons}}
    <tr><th scope="row"><code>{{code}}</code> <span class="tag {{kind}}">{{kind}}</span>
    <p>{{text}}</p>{{#hasPeers}}<p class="soft">with
    {{#peers}}{{#href}}<a href="{{.}}">{{{nameMarkup}}}</a>{{/href}}
    {{^href}}{{{nameMarkup}}}{{/href}} {{/peers}}{{#morePeers}}and {{.}}{{/morePeers}}</p>
    {{/hasPeers}}</th>
    <td>{{share}}{{{shareMarkup}}}</td>
    <td>{{#feature}}<code>{{.}}</code>{{/feature}}{{#stripMarkup}}{{{.}}}{{/stripMarkup}}
    {{#value}}<p>node <b>{{.}}</b></p>{{/value}}{{#peersRange}}<p>peers {{.}}</p>{{/peersRange}}
    </td></tr>
    {{/reasons}}
    {{^reasons}}<tr><td colspan="3" class="none">No reason was recorded.</td></tr>{{/reasons}}
    </tbody></table></div></section>
    """

  static let grounds = """
    <section aria-labelledby="grounds">
    <h2 id="grounds">What decided it, and what would have passed</h2>
    {{#hasGrounds}}<ul>{{#grounds}}<li><code>{{code}}</code> {{words}}</li>{{/grounds}}</ul>
    {{/hasGrounds}}
    {{^hasGrounds}}<p class="none">Nothing speaks against it.</p>{{/hasGrounds}}
    {{#hasMeasurements}}<details><summary>Measurements outside what peers show</summary>
    <ul>{{#measurements}}<li><code>{{code}}</code> {{words}}</li>{{/measurements}}</ul></details>
    {{/hasMeasurements}}</section>
    """

  static let story = """
    <section aria-labelledby="related"><h2 id="related">Related nodes</h2>
    {{#hasRelated}}
    {{#relatedMarkup}}<figure>{{{.}}}</figure>{{/relatedMarkup}}
    <p><a href="/cluster/{{id}}">Who is tied to whom</a>
    {{#compareHref}} · <a href="{{.}}">Compare side by side</a>{{/compareHref}}</p>
    <div class="wide" role="region" aria-label="Table of related nodes" tabindex="0">
    <table><caption>Nodes that the reasons name</caption>
    <thead><tr><th scope="col">Node</th><th scope="col">Tied by</th></tr></thead><tbody>
    {{#related}}<tr><th scope="row">{{#href}}<a href="{{.}}">{{{nameMarkup}}}</a>{{/href}}
    {{^href}}{{{nameMarkup}}} <span class="soft">not flagged</span>{{/href}}</th>
    <td><code>{{code}}</code></td></tr>{{/related}}</tbody></table></div>
    {{/hasRelated}}
    {{^hasRelated}}<p class="none">No reason names another node.</p>{{/hasRelated}}
    </section>
    <section aria-labelledby="history"><h2 id="history">History</h2>
    <figure>{{{historyMarkup}}}<figcaption>Score by epoch, in the colour of the verdict that holds.
    </figcaption></figure>
    <div class="wide" role="region" aria-label="Table of verdicts" tabindex="0">
    <table><caption>Verdicts on this node, the latest first</caption>
    <thead><tr><th scope="col">Epoch</th><th scope="col">Revision</th><th scope="col">Verdict</th>
    <th scope="col" class="n">Score</th><th scope="col" class="n">q</th>
    <th scope="col" class="n">Units</th><th scope="col">Holds</th></tr></thead><tbody>
    {{#history}}<tr><th scope="row"><a href="{{href}}">{{epoch}}</a> {{day}}
    {{#isHere}}<span class="tag">this page</span>{{/isHere}}</th><td>{{revision}}</td>
    <td>{{>verdict}}</td><td class="n">{{score}}</td><td class="n">{{q}}</td>
    <td class="n">{{units}}</td><td>{{#isCurrent}}yes{{/isCurrent}}{{^isCurrent}}no{{/isCurrent}}
    </td></tr>
    {{/history}}</tbody></table></div></section>
    <section aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>
    <dl class="facts"><div><dt>Digest of its records</dt><dd><code>{{evidence}}</code></dd></div>
    <div><dt>Leaf in the ledger</dt><dd><code>{{leaf}}</code></dd></div>
    <div><dt>Bundle</dt><dd><a href="/bundles#bundle-{{bundleID}}">epoch {{epoch}}, revision
    {{revision}}</a> · <a href="/bundles/{{bundleID}}/report">run report</a></dd></div></dl>
    <p>{{#hasPacket}}<a href="/items/{{id}}/packet">Appeal packet</a> (its own records, the verdict
    and the proof) · {{/hasPacket}}<a href="/items/{{id}}/line">Verdict as signed</a></p>
    <details><summary>The line of the bundle</summary><pre>{{line}}</pre></details></section>
    """
}

/// What can be done with a node, and what was.
enum ActTemplates {
  static let acts = """
    <section aria-labelledby="acts" class="noprint"><h2 id="acts">Decide</h2>
    <p>{{state}}{{#ownerMarkup}}, with {{{.}}}{{/ownerMarkup}} {{#lock}}{{.}}{{/lock}}
    {{#due}}<span class="soft">due {{.}}</span>{{/due}}</p>
    <div class="row">
    {{#mayTake}}<form method="post" action="/items/{{id}}/take">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <button data-key="t">Take it</button></form>{{/mayTake}}
    {{#mayRelease}}<form method="post" action="/items/{{id}}/release">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <button data-key="r">Release it</button></form>{{/mayRelease}}
    </div>
    {{#mayDecide}}
    <form class="stack" method="post" action="/items/{{id}}/decide">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <input type="hidden" name="version" value="{{version}}">
    <p><b>{{units}}</b> units are at stake.</p>
    <label>Finding and verdict <select name="outcome" required data-key="d">
    <option value="">choose
    {{#outcomes}}<option value="{{value}}">{{text}}
    {{/outcomes}}</select></label>
    <label>Why; the node's owner reads it
    <textarea name="comment" required maxlength="4000"></textarea></label>
    <div><button class="main">Decide</button></div>
    </form>
    <details><summary>Put it off</summary>
    <form class="stack" method="post" action="/items/{{id}}/snooze">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <input type="hidden" name="version" value="{{version}}">
    <label>Until <input type="date" name="until" value="{{until}}" required></label>
    <label>Why <input name="comment" required maxlength="2000"></label>
    <div><button>Put off</button></div>
    </form></details>
    {{/mayDecide}}
    {{#mayReopen}}
    <form class="stack" method="post" action="/items/{{id}}/reopen">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <input type="hidden" name="version" value="{{version}}">
    <p>What was decided stays on record, and holds until something else is decided.</p>
    <label>Why <input name="comment" required maxlength="2000"></label>
    <div><button>Open it again</button></div>
    </form>
    {{/mayReopen}}
    {{#mayNote}}
    <form class="stack" method="post" action="/items/{{id}}/note">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <label>Note for colleagues
    <textarea name="text" required maxlength="4000" data-key="c"></textarea></label>
    <div><button>Keep note</button></div>
    </form>
    {{/mayNote}}
    </section>
    """

  static let decisions = """
    {{#hasDecisions}}
    <section aria-labelledby="decisions"><h2 id="decisions">Decisions</h2><ul class="log">
    {{#decisions}}<li><b>{{finding}}</b>, {{from}} → {{to}}: {{status}} {{exported}}
    <p>{{comment}}</p>
    <p class="soft">{{{personMarkup}}}, {{time}}{{#approverMarkup}};
    second person {{{.}}}{{/approverMarkup}}
    {{#approverComment}}: {{.}}{{/approverComment}}</p>
    {{#maySecond}}
    <form class="stack" method="post" action="/decisions/{{id}}/approve">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <input type="hidden" name="version" value="{{acts.version}}">
    <label>Comment <input name="comment" maxlength="2000"></label>
    <div class="row"><button class="main" data-key="a">Approve</button>
    <button formaction="/decisions/{{id}}/decline">Decline</button></div>
    </form>{{/maySecond}}
    {{#mayWithdraw}}
    <form method="post" action="/decisions/{{id}}/withdraw">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <input type="hidden" name="version" value="{{acts.version}}">
    <button>Withdraw</button></form>{{/mayWithdraw}}</li>
    {{/decisions}}</ul></section>
    {{/hasDecisions}}
    {{#hasAppeals}}
    <section aria-labelledby="appeals"><h2 id="appeals">Appeals</h2><ul class="log">
    {{#appeals}}<li><a href="{{href}}">Appeal {{id}}</a>, {{status}}, {{time}}</li>{{/appeals}}
    </ul></section>
    {{/hasAppeals}}
    <section aria-labelledby="notes"><h2 id="notes">Notes</h2><ul class="log">
    {{#notes}}<li>{{text}}<p class="soft">{{{personMarkup}}}, {{time}}</p></li>{{/notes}}
    {{^notes}}<li class="none">None.</li>{{/notes}}</ul></section>
    """
}
