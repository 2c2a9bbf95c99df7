/// The queue.
enum QueueTemplates {
  static let page = """
    {{<layout}}{{$main}}
    <h1>Queue</h1>
    <p>{{counts}}</p>
    {{>filters}}
    <div class="row noprint">
    {{#canWork}}
    <form method="post" action="/queue/next">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    {{#fields}}<input type="hidden" name="{{name}}" value="{{value}}">{{/fields}}
    <button class="main" data-key="n">Take next</button>
    </form>
    {{/canWork}}
    <span>Queue <a href="/exports/queue.csv{{exportQuery}}">CSV</a>
    <a href="/exports/queue.json{{exportQuery}}">JSON</a>
    {{#canWork}} · Decisions <a href="/exports/decisions.csv">CSV</a>
    <a href="/exports/decisions.json">JSON</a> ·
    <a href="/exports/labels.csv">labels</a>{{/canWork}}</span>
    </div>
    {{#isEmpty}}<p class="none">Nothing here.</p>{{/isEmpty}}
    {{^isEmpty}}{{>rows}}{{/isEmpty}}
    <nav class="row noprint" aria-label="Pages of the queue">
    {{#firstPath}}<a href="{{.}}">First page</a>{{/firstPath}}
    {{#nextPath}}<a href="{{.}}" rel="next">Next page</a>{{/nextPath}}
    </nav>
    <details id="keys" class="noprint"><summary>Keys</summary>
    <p><kbd>j</kbd> <kbd>k</kbd> down and up, <kbd>Enter</kbd> opens, <kbd>x</kbd> picks,
    <kbd>n</kbd> takes the next, <kbd>/</kbd> searches; on a node <kbd>d</kbd> decides,
    <kbd>c</kbd> notes, <kbd>b</kbd> goes back to the queue; <kbd>?</kbd> shows this.</p></details>
    {{/main}}{{/layout}}
    """

  static let filters = """
    <details class="noprint" open><summary>Filters and views</summary>
    <form class="row" method="get" action="/" role="search">
    <label>Node <input name="text" value="{{filters.text}}" size="14" data-key="/"></label>
    <label>State <select name="state">
    {{#filters.states}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/filters.states}}</select></label>
    <label>Profile <select name="profile"><option value="">any
    {{#filters.profiles}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/filters.profiles}}</select></label>
    <label>Epoch <select name="epoch"><option value="">any
    {{#filters.epochs}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/filters.epochs}}</select></label>
    <label>Verdict <select name="verdict"><option value="">any
    {{#filters.verdicts}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/filters.verdicts}}</select></label>
    <label>Reason <select name="reason"><option value="">any
    {{#filters.reasons}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/filters.reasons}}</select></label>
    <label>Peer group <select name="group"><option value="">any
    {{#filters.groups}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/filters.groups}}</select></label>
    {{#filters.hasOwners}}<label>Owner <select name="owner"><option value="">any
    {{#filters.owners}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/filters.owners}}</select></label>{{/filters.hasOwners}}
    <label>With <select name="assignee"><option value="">anyone
    {{#filters.people}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/filters.people}}</select></label>
    <label class="line"><input type="checkbox" name="appeals" value="1"
    {{#filters.appeals}} checked{{/filters.appeals}}>Under appeal</label>
    <button>Filter</button> <a class="button" href="/">Clear</a>
    </form>
    {{#hasViews}}<ul class="views" aria-label="Saved views">
    {{#views}}<li><a href="{{href}}">{{{nameMarkup}}}</a>
    <form method="post" action="/views/{{id}}/delete">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <button aria-label="Delete this view">×</button></form></li>
    {{/views}}</ul>{{/hasViews}}
    <form class="row" method="post" action="/views">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    {{#fields}}<input type="hidden" name="{{name}}" value="{{value}}">{{/fields}}
    <label>Keep these filters as <input name="view" maxlength="60" required></label>
    <button>Save view</button>
    </form>
    </details>
    """

  static let rows = """
    <form class="picks" method="post" action="/queue/bulk">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    {{#fields}}<input type="hidden" name="{{name}}" value="{{value}}">{{/fields}}
    <div class="wide" role="region" aria-label="Flagged nodes" tabindex="0">
    <table class="queue">
    <caption>At risk: units that the verdict decides on, weighed by how sure it is.</caption>
    <thead><tr>{{#canWork}}<th scope="col" class="pick">
    <span hidden><input type="checkbox" id="pick-all" aria-label="Pick every node shown"></span>
    <span class="unseen">Pick</span></th>
    {{/canWork}}
    <th scope="col">Node</th><th scope="col">Verdict</th>
    <th scope="col" class="n">At risk</th><th scope="col" class="n">Units</th>
    <th scope="col" class="n">q</th><th scope="col">Reasons</th><th scope="col">Epoch</th>
    <th scope="col">State</th><th scope="col">Due</th></tr></thead>
    <tbody>
    {{#rows}}
    <tr data-href="{{href}}">{{#canWork}}<td class="pick"><input type="checkbox" name="pick"
    value="{{id}}:{{version}}" aria-label="Pick {{node}}"></td>{{/canWork}}
    <th scope="row"><a href="{{href}}">{{{nodeMarkup}}}</a>
    {{#hasAppeal}}<span class="tag">appeal</span>{{/hasAppeal}}
    <p class="soft">{{profile}}, {{{groupMarkup}}}
    {{#nodeOwner}}· <a href="{{href}}">{{{nameMarkup}}}</a>{{/nodeOwner}}</p></th>
    <td>{{>verdict}}</td><td class="n">{{risk}}</td><td class="n">{{units}}</td>
    <td class="n">{{q}}</td><td><code>{{reasons}}</code></td><td>{{epoch}}</td>
    <td>{{state}}{{#ownerMarkup}}<p class="soft">{{{ownerMarkup}}}</p>{{/ownerMarkup}}</td>
    <td>{{due}}</td></tr>
    {{/rows}}
    </tbody>
    </table>
    </div>
    {{#bulk}}{{>bulk}}{{/bulk}}
    </form>
    """

  static let bulk = """
    <fieldset class="noprint"><legend>With the picked nodes, as you see them here</legend>
    <div class="row">
    <label>Comment <input name="comment" size="30" maxlength="2000"></label>
    <span class="row">
    <label>Give to <select name="to"><option value="">nobody
    {{#people}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/people}}</select></label>
    <button name="act" value="assign">Give</button></span>
    <button name="act" value="release">Release</button>
    <span class="row"><label>Until <input type="date" name="until" value="{{until}}"></label>
    <button name="act" value="snooze">Put off</button></span>
    <span class="row">
    <label>Finding and verdict <select name="outcome"><option value="">choose
    {{#outcomes}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/outcomes}}</select></label>
    <button name="act" value="decide">Decide</button></span>
    </div>
    </fieldset>
    """

  static let result = """
    {{<layout}}{{$main}}
    <h1>{{done}}</h1>
    {{#failed}}<p class="notice" role="alert">{{.}}</p>{{/failed}}
    <div class="wide" role="region" aria-label="Table of results" tabindex="0">
    <table><caption>Every node that was picked</caption>
    <thead><tr><th scope="col">Node</th><th scope="col">What became of it</th></tr></thead>
    <tbody>
    {{#lines}}<tr><th scope="row"><a href="{{href}}">{{{nodeMarkup}}}</a></th>
    <td>{{words}}</td></tr>
    {{/lines}}</tbody></table></div>
    <p><a href="{{back}}">Back to the queue</a></p>
    {{/main}}{{/layout}}
    """
}
