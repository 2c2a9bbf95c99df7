/// What every page has around its own part.
enum LayoutTemplate {
  static let layout = """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{{shell.title}} · Assay review</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="{{shell.styles}}">
    <script src="{{shell.script}}" defer></script>
    </head>
    <body>
    <a class="skip" href="#main">Skip to content</a>
    <header class="top">
    <a class="home" href="/">Assay review</a>
    {{#shell.person}}
    <nav aria-label="Main">
    {{#shell.links}}<a href="{{href}}"{{#isHere}} aria-current="page"{{/isHere}}>{{text}}</a>
    {{/shell.links}}</nav>
    <form method="post" action="/logout">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <span>{{{nameMarkup}}} <span class="soft">{{role}}</span></span>
    <button>Sign out</button>
    </form>
    {{/shell.person}}
    </header>
    <main id="main" tabindex="-1">
    {{#shell.notice}}<p class="notice" role="status">{{.}}</p>{{/shell.notice}}
    {{$main}}{{/main}}
    </main>
    </body>
    </html>

    """

  /// A verdict as a word on its colour.
  static let verdict = #"<span class="badge {{verdict}}">{{verdict}}</span>"#
}

/// Signing in, and what goes wrong.
enum AccountTemplates {
  static let login = """
    {{<layout}}{{$main}}
    <h1>Sign in</h1>
    {{#problem}}<p class="notice" role="alert">{{.}}</p>{{/problem}}
    <form class="stack" method="post" action="/login">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <input type="hidden" name="then" value="{{then}}">
    <label>Name <input name="name" autocomplete="username" required autofocus value="{{name}}">
    </label>
    <label>Password
    <input name="password" type="password" autocomplete="current-password" required></label>
    <div><button class="main">Sign in</button></div>
    </form>
    <p class="soft">No account? An administrator makes a link for you; with it you set a password.
    </p>
    {{/main}}{{/layout}}
    """

  static let welcome = """
    {{<layout}}{{$main}}
    <h1>Welcome, {{{ownerMarkup}}}</h1>
    <p>Set a password of {{least}} characters or more. A few words in a row are good.</p>
    {{#problem}}<p class="notice" role="alert">{{.}}</p>{{/problem}}
    <form class="stack" method="post" action="{{action}}">
    <input type="hidden" name="csrf" value="{{shell.csrf}}">
    <input class="unseen" autocomplete="username" value="{{owner}}" tabindex="-1" readonly
    aria-hidden="true">
    <label>Password
    <input name="password" type="password" autocomplete="new-password" minlength="{{least}}"
    required autofocus></label>
    <label>Once more
    <input name="again" type="password" autocomplete="new-password" required></label>
    <div><button class="main">Set the password</button></div>
    </form>
    {{/main}}{{/layout}}
    """

  static let error = """
    {{<layout}}{{$main}}
    <h1>{{shell.title}}</h1>
    <p>{{text}}</p>
    {{#hasList}}<ul>{{#list}}<li>{{.}}</li>{{/list}}</ul>{{/hasList}}
    {{#stale}}
    <p>The verdict on {{{nodeMarkup}}} is now {{>verdict}}, its state {{state}}.</p>
    <h2>What changed</h2>
    <ul class="log">
    {{#changes}}<li>{{time}} {{{personMarkup}}}: {{words}}</li>{{/changes}}
    {{^changes}}<li>Its place in the queue or its verdict.</li>{{/changes}}
    </ul>
    <p><a class="button" href="{{href}}">Look at it again</a></p>
    {{/stale}}
    {{#written}}<h2>What you wrote</h2><pre>{{.}}</pre>{{/written}}
    <p><a href="/">To the queue</a></p>
    <p class="soft">Request {{request}}</p>
    {{/main}}{{/layout}}
    """
}
