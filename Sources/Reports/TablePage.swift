/// A page of tables under one title, such as a score card.
public struct TablePage: Sendable {
  public let kind: String
  public let title: String
  /// Sentences above the tables.
  public let paragraphs: [String]
  public let sections: [(title: String, table: Table)]

  /// - Parameters:
  ///   - kind: what sort of page this is, in small letters above its title.
  ///   - paragraphs: plain text; it is escaped here.
  public init(
    kind: String, title: String, paragraphs: [String], sections: [(title: String, table: Table)]
  ) {
    self.kind = kind
    self.title = title
    self.paragraphs = paragraphs
    self.sections = sections
  }

  /// One HTML page in UTF-8 that needs nothing but itself; the same bytes on every machine.
  public func html() -> String {
    let parts = sections.enumerated().map { index, section in
      """
      <section aria-labelledby="s\(index)">
      <h2 id="s\(index)">\(Markup.text(section.title))</h2>
      \(section.table.markup)
      </section>
      """
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      \(PageHead.markup(title: title))
      <body>
      <header class="page">
      <p class="kind">\(Markup.text(kind))</p>
      <h1>\(Markup.text(title))</h1>
      \(paragraphs.map { "<p>\(Markup.text($0))</p>" }.joined(separator: "\n"))
      </header>
      <main>
      \(parts.joined(separator: "\n"))
      </main>
      </body>
      </html>

      """
  }
}

/// The head that every page has: nothing loaded, nothing sent.
enum PageHead {
  static func markup(title: String) -> String {
    """
    <head>
    <meta charset="utf-8"/>
    <meta http-equiv="Content-Security-Policy" content="\(contentPolicy)"/>
    <meta name="viewport" content="width=device-width, initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/>
    <meta name="referrer" content="no-referrer"/>
    <title>\(Markup.text("Assay: " + title))</title>
    <style>
    \(StyleSheet.text)
    </style>
    </head>
    """
  }

  private static let contentPolicy =
    "default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; base-uri &#39;none&#39;; "
    + "form-action &#39;none&#39;"
}
