/// Nodes beside each other and their ties.
enum LinkTemplates {
  static let compare = """
    {{<layout}}{{$main}}
    <h1>Side by side</h1>
    <div class="wide" role="region" aria-label="Nodes side by side" tabindex="0">
    <table class="compare"><caption>Each reason that any of them has, with its share of the score</caption>
    <thead><tr><th scope="col">Reason</th>
    {{#heads}}<th scope="col"><a href="{{href}}">{{{nodeMarkup}}}</a> {{>verdict}}
    <p>{{epoch}}, {{{groupMarkup}}}</p><p>{{units}} units, q {{q}}, {{state}}</p></th>{{/heads}}
    </tr></thead><tbody>
    {{#rows}}<tr><th scope="row"><code>{{code}}</code>{{#feature}} <code>{{.}}</code>{{/feature}}
    <p class="soft">{{text}}</p></th>
    {{#cells}}<td>{{#share}}<b>{{.}}</b>{{/share}}{{^share}}<span class="none">not this</span>
    {{/share}}{{#stripMarkup}}{{{.}}}{{/stripMarkup}}{{#value}}<p>node {{.}}</p>{{/value}}
    {{#peers}}<p class="soft">peers {{.}}</p>{{/peers}}</td>{{/cells}}</tr>{{/rows}}
    </tbody></table></div>
    {{/main}}{{/layout}}
    """

  static let cluster = """
    {{<layout}}{{$main}}
    <p class="soft"><a href="{{href}}">Back to the node</a></p>
    <h1>Tied to {{{nodeMarkup}}}</h1>
    <p>{{count}} nodes, two steps at most. Red ties are the node's own.
    {{#left}}{{.}}{{/left}}</p>
    <figure class="wide" role="region" aria-label="Drawing of the ties" tabindex="0">
    {{{drawingMarkup}}}</figure>
    <div class="wide" role="region" aria-label="Ties" tabindex="0">
    <table><caption>Every tie and its reason</caption>
    <thead><tr><th scope="col">Node</th><th scope="col">tied to</th><th scope="col">by</th></tr>
    </thead><tbody>
    {{#ties}}<tr><th scope="row">{{{fromMarkup}}}</th>
    <td>{{#toHref}}<a href="{{.}}">{{{toMarkup}}}</a>{{/toHref}}
    {{^toHref}}{{{toMarkup}}}{{/toHref}}</td>
    <td><code>{{code}}</code></td></tr>{{/ties}}
    {{^ties}}<tr><td colspan="3" class="none">None.</td></tr>{{/ties}}
    </tbody></table></div>
    {{/main}}{{/layout}}
    """
}
