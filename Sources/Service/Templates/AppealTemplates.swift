/// Appeals of owners.
enum AppealTemplates {
  static let list = """
    {{<layout}}{{$main}}
    <h1>Appeals</h1>
    <p>{{#isOpenOnly}}Those that wait for an answer. <a href="/appeals?all=1">All</a>{{/isOpenOnly}}
    {{^isOpenOnly}}All of them, the latest first. <a href="/appeals">Open ones</a>
    {{/isOpenOnly}}</p>
    <div class="wide" role="region" aria-label="Table of appeals" tabindex="0">
    <table>
    <caption>A packet is checked as it arrives: its records against the ledger's leaf.</caption>
    <thead><tr><th scope="col">Appeal</th><th scope="col">Node</th><th scope="col">Epoch</th>
    <th scope="col">Received</th><th scope="col">State</th></tr></thead><tbody>
    {{#appeals}}<tr><th scope="row"><a href="{{href}}">{{id}}</a></th>
    <td><a href="{{itemHref}}">{{{nodeMarkup}}}</a></td><td>{{profile}} {{epoch}}</td>
    <td>{{time}}</td><td>{{status}}</td></tr>{{/appeals}}
    {{^appeals}}<tr><td colspan="5" class="none">None.</td></tr>{{/appeals}}
    </tbody></table></div>
    {{#mayReceive}}
    <h2>Receive an appeal</h2>
    <form class="stack" method="post" action="/appeals" enctype="multipart/form-data">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <label><span>Appeal packet (JSON, as <code>assay appeal</code> writes it)</span>
    <input type="file" name="packet" accept="application/json,.json" required></label>
    <label>What the owner says <textarea name="text" required maxlength="20000"></textarea></label>
    <div><button class="main">Check and receive</button></div>
    </form>
    {{/mayReceive}}
    {{/main}}{{/layout}}
    """

  static let page = """
    {{<layout}}{{$main}}
    <p class="soft"><a href="/appeals">Appeals</a></p>
    {{#line}}<h1>Appeal {{id}}: <a href="{{itemHref}}">{{{nodeMarkup}}}</a></h1>
    <p>{{status}} · {{profile}}, epoch {{epoch}} · the verdict that holds: {{>verdict}}</p>
    <h2>What the owner says</h2><pre>{{statement}}</pre>
    <dl class="facts"><div><dt>Received</dt><dd>{{time}} by {{{receiverMarkup}}}</dd></div>
    <div><dt>Packet</dt><dd>{{records}} records; its proof, evidence and grounds hold;
    <a href="{{href}}/packet">download</a></dd></div>
    <div><dt>SHA-256 of the packet</dt><dd><code>{{digest}}</code></dd></div></dl>
    {{#answer}}<h2>Answer</h2><pre>{{reason}}</pre>
    <p class="soft">{{{personMarkup}}}, {{time}} · <a href="{{href}}/answer">as a file</a></p>
    {{/answer}}
    {{#mayAnswer}}<h2>Answer</h2>
    <p>Overturning takes a decision on the node as well: it is what becomes a correction.</p>
    <form class="stack" method="post" action="{{href}}/answer">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <label>The verdict <select name="upheld" required><option value="">choose
    <option value="1">stands<option value="0">is overturned</select></label>
    <label>Reason, for the owner
    <textarea name="text" required maxlength="20000"></textarea></label>
    <div><button class="main">Answer</button></div>
    </form>{{/mayAnswer}}{{/line}}
    {{/main}}{{/layout}}
    """
}
