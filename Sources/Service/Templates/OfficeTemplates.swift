/// What stands around the queue: bundles, quality, people, the trail.
enum OfficeTemplates {
  static let bundles = """
    {{<layout}}{{$main}}
    <h1>Bundles</h1>
    {{#hasCorrections}}<section class="card"><h2>Decided, not yet in a revision</h2>
    <ul>{{#corrections}}<li><a href="{{href}}">{{words}}</a></li>{{/corrections}}</ul>
    <p>Give the file to <code>assay correct</code>; importing the revision it writes marks these
    decisions as done.</p></section>{{/hasCorrections}}
    <div class="wide" role="region" aria-label="Bundles" tabindex="0">
    <table class="bundles"><caption>Each was verified when it was imported</caption>
    <thead><tr><th scope="col">Epoch</th><th scope="col">Revision</th><th scope="col">Verdicts</th>
    <th scope="col">Signed by</th><th scope="col">Imported</th><th scope="col">Report</th></tr>
    </thead><tbody>
    {{#bundles}}<tr id="bundle-{{id}}"><th scope="row">{{profile}} {{epoch}}
    <p class="soft">{{day}}</p></th><td>{{revision}}</td>
    <td>{{counts}}<p class="soft">root <code>{{root}}</code></p></td>
    <td>{{#signers}}<code>{{.}}</code> {{/signers}}{{^signers}}nobody{{/signers}}</td>
    <td class="when">{{time}}<p class="soft">{{{personMarkup}}}</p></td>
    <td><a href="/bundles/{{id}}/report">report</a>
    <p><a href="/nights/{{id}}">night</a></p></td></tr>{{/bundles}}
    {{^bundles}}<tr><td colspan="6" class="none">None.</td></tr>{{/bundles}}
    </tbody></table></div>
    {{#mayImport}}<h2>Import</h2>
    {{#hasWaiting}}<form class="stack" method="post" action="/bundles">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <label>Bundle <select name="path" required>
    {{#waiting}}<option value="{{path}}">{{path}}
    {{/waiting}}</select></label>
    <div><button class="main">Verify and import</button></div></form>{{/hasWaiting}}
    {{^hasWaiting}}<p class="none">The bundle folders of this desk hold no other bundle.</p>
    {{/hasWaiting}}{{/mayImport}}
    {{/main}}{{/layout}}
    """

  static let quality = """
    {{<layout}}{{$main}}
    <h1>Quality</h1>
    <form class="row" method="get" action="/quality">
    <label>Profile <select name="profile"><option value="">any
    {{#profiles}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/profiles}}</select></label><button>Show</button>
    <a href="/exports/quality.csv{{exportQuery}}">CSV</a>
    <a href="/exports/quality.json{{exportQuery}}">JSON</a></form>
    <h2>Wrong rejects</h2>
    {{#hasRejects}}
    <dl class="facts"><div><dt>Rejects found wrong</dt><dd>{{rejects}} that were decided</dd></div>
    <div><dt>Realised share</dt><dd>{{realised}}, Wilson interval of 95 %</dd></div>
    <div><dt>Stated</dt><dd>{{stated}}, mean q of the same rejects</dd></div></dl>
    <figure>{{{drawingMarkup}}}<figcaption>The mark is the realised share, the band its interval,
    the dashed line what was stated.</figcaption></figure>
    <p class="soft">Decided rejects are those people looked at, the most at risk first: not a
    random sample of all.</p>
    {{/hasRejects}}
    {{^hasRejects}}<p class="none">No reject was decided yet.</p>{{/hasRejects}}
    <h2>Nights</h2>
    {{#hasNights}}
    <div class="wide" role="region" aria-label="Table of nights" tabindex="0">
    <table><caption>The last nights: what their runs say of themselves</caption><thead><tr>
    <th scope="col">Night</th><th scope="col" class="n">Rejected</th>
    <th scope="col" class="n">Held</th><th scope="col" class="n">Checks muted</th>
    <th scope="col" class="n">Features drifted</th><th scope="col">Books</th>
    <th scope="col">Shadow runs</th></tr></thead><tbody>
    {{#nights}}<tr><th scope="row"><a href="{{href}}">{{name}}</a></th>
    <td class="n">{{rejected}}</td><td class="n">{{held}}</td><td class="n">{{muted}}</td>
    <td class="n">{{drifted}}</td><td>{{books}}</td><td>{{#shadows}}<p><a href="{{href}}">{{text}}
    </a></p>{{/shadows}}{{^shadows}}none{{/shadows}}</td></tr>{{/nights}}
    </tbody></table></div>{{/hasNights}}
    {{^hasNights}}<p class="none">No night is here yet.</p>{{/hasNights}}
    <h2>Reasons</h2>
    <div class="wide" role="region" aria-label="Precision of reasons" tabindex="0">
    <table><caption>How often a reason was right, among verdicts that were found out</caption>
    <thead><tr><th scope="col">Reason</th><th scope="col" class="n">Right</th>
    <th scope="col">Interval of 95 %</th><th scope="col">Findings</th></tr></thead><tbody>
    {{#reasons}}<tr><th scope="row"><code>{{code}}</code> <span class="tag {{kind}}">{{kind}}</span>
    <span class="soft">{{profile}}</span></th><td class="n">{{right}}</td>
    <td>{{interval}}{{{drawingMarkup}}}</td><td>{{findings}}</td></tr>{{/reasons}}
    {{^reasons}}<tr><td colspan="4" class="none">Nothing was decided yet.</td></tr>{{/reasons}}
    </tbody></table></div>
    <h2>Weeks</h2>
    <table><caption>Decisions by week</caption><thead><tr><th scope="col">Week of</th>
    <th scope="col">Findings</th></tr></thead><tbody>
    {{#weeks}}<tr><th scope="row">{{monday}}</th><td>{{findings}}</td></tr>{{/weeks}}
    {{^weeks}}<tr><td colspan="2" class="none">None.</td></tr>{{/weeks}}
    </tbody></table>
    {{/main}}{{/layout}}
    """

  static let people = """
    {{<layout}}{{$main}}
    <h1>People</h1>
    {{#link}}<p class="notice" role="status">Give this link to them; it is shown once and works
    once:<br><code>{{.}}</code></p>{{/link}}
    <div class="wide" role="region" aria-label="Table of people" tabindex="0">
    <table><caption>Nobody is ever removed: the trail names them.</caption>
    <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Account</th></tr>
    </thead><tbody>
    {{#people}}<tr><th scope="row">{{{nameMarkup}}}
    {{#isSelf}} <span class="tag">you</span>{{/isSelf}}
    {{#isFromFront}} <span class="tag">by the front</span>{{/isFromFront}}
    {{^isActive}} <span class="tag">not active</span>{{/isActive}}</th>
    <td>{{#isFromFront}}{{role}}{{/isFromFront}}
    {{^isFromFront}}<form class="row" method="post" action="/people/{{id}}/role">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <label><span class="unseen">Role</span><select name="role">
    {{#roles}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/roles}}</select></label><button>Change</button></form>{{/isFromFront}}</td>
    <td><form class="row" method="post" action="/people/{{id}}/link">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    {{^isFromFront}}<button>New link</button>{{/isFromFront}}
    {{#isActive}}<button formaction="/people/{{id}}/deactivate">Deactivate</button>{{/isActive}}
    {{^isActive}}<button formaction="/people/{{id}}/reactivate">Reactivate</button>{{/isActive}}
    </form></td></tr>{{/people}}
    </tbody></table></div>
    <h2>Add somebody</h2>
    <form class="row" method="post" action="/people">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <label>Name <input name="name" maxlength="80" required></label>
    <label>Role <select name="role">
    {{#roles}}<option value="{{value}}"{{#isChosen}} selected{{/isChosen}}>{{text}}
    {{/roles}}</select></label>
    <button class="main">Add</button></form>
    <h2>Rules</h2>
    <form class="stack" method="post" action="/settings">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <label>Rejecting takes a second person from so many units at stake
    <input type="number" name="stake" min="0" value="{{stake}}" required></label>
    <label>A node that was taken stays with them for so many minutes
    <input type="number" name="lock" min="1" max="1440" value="{{lockMinutes}}" required></label>
    <label>A node is due after so many hours; those imported from now on
    <input type="number" name="due" min="1" max="8760" value="{{dueHours}}" required></label>
    <div><button>Set</button></div></form>
    {{/main}}{{/layout}}
    """

  static let audit = """
    {{<layout}}{{$main}}
    <h1>Audit trail</h1>
    <p>Every entry holds the hash of the one before. Note the end elsewhere, and
    <code>assayd audit verify</code> also finds a trail that was cut or written anew:
    <code>{{head}}</code></p>
    <form class="row" method="get" action="/audit">
    <label>About <input name="subject" value="{{subject}}" placeholder="item:12"></label>
    <button>Show</button></form>
    <div class="wide" role="region" aria-label="Audit trail" tabindex="0">
    <table class="trail"><caption>The latest first</caption>
    <thead><tr><th scope="col" class="n">Row</th><th scope="col">Time</th>
    <th scope="col">Who</th><th scope="col">About</th>
    <th scope="col">What</th><th scope="col">Hash</th></tr></thead><tbody>
    {{#entries}}<tr><th scope="row" class="n">{{id}}</th><td class="when">{{time}}</td>
    <td>{{{personMarkup}}}</td>
    <td>{{#href}}<a href="{{.}}">{{subject}}</a>{{/href}}{{^href}}{{subject}}{{/href}}</td>
    <td>{{words}}</td><td><code>{{hash}}</code></td></tr>{{/entries}}
    {{^entries}}<tr><td colspan="6" class="none">None.</td></tr>{{/entries}}
    </tbody></table></div>
    {{#nextHref}}<p><a href="{{.}}" rel="next">Older</a></p>{{/nextHref}}
    {{/main}}{{/layout}}
    """
}
