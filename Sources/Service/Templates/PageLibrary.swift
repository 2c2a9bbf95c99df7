import Mustache
import Reports

/// What a page shows; ``template`` names the template that lays it out.
protocol PageView {
  static var template: String { get }
  var shell: Shell { get }
}

/// The templates of every page, read once.
///
/// Every variable is written with ``Reports/Markup/text(_:)``: escaped, and with invisible or
/// reordering characters shown. Variables in three braces are markup that was made by `Markup` or
/// by a drawing already; their names end in `Markup`.
struct PageLibrary: Sendable {
  private struct PageText: MustacheContentType {
    func escapeText(_ text: String) -> String { Markup.text(text) }
  }

  private let library: MustacheLibrary

  init() throws {
    MustacheContentTypes.register(PageText(), named: "PAGE")
    var library = MustacheLibrary()
    for (name, text) in Self.sources {
      // Each template begins anew with the library's own escaping.
      try library.register("{{% CONTENT_TYPE:PAGE}}" + text, named: name)
    }
    self.library = library
  }

  static let sources: [(name: String, text: String)] = [
    ("layout", LayoutTemplate.layout), ("verdict", LayoutTemplate.verdict),
    ("login", AccountTemplates.login), ("welcome", AccountTemplates.welcome),
    ("error", AccountTemplates.error),
    ("queue", QueueTemplates.page), ("filters", QueueTemplates.filters),
    ("rows", QueueTemplates.rows), ("bulk", QueueTemplates.bulk),
    ("bulk-result", QueueTemplates.result),
    ("item", ItemTemplates.page), ("reasons", ItemTemplates.reasons),
    ("grounds", ItemTemplates.grounds), ("story", ItemTemplates.story),
    ("records", RecordsTemplates.records), ("map", RecordsTemplates.map),
    ("night", NightTemplates.night), ("shadow-runs", NightTemplates.shadows),
    ("shadow", NightTemplates.shadow), ("flips", NightTemplates.flips),
    ("acts", ActTemplates.acts), ("decisions", ActTemplates.decisions),
    ("compare", LinkTemplates.compare), ("cluster", LinkTemplates.cluster),
    ("appeals", AppealTemplates.list), ("appeal", AppealTemplates.page),
    ("quality", OfficeTemplates.quality), ("bundles", OfficeTemplates.bundles),
    ("people", OfficeTemplates.people), ("audit", OfficeTemplates.audit),
  ]

  /// - Throws: `PageError.noTemplate` for a page whose template is missing.
  func render<View: PageView>(_ view: View) throws -> String {
    let fields = FieldTree.of(view) ?? view
    guard let text = library.render(fields, withTemplate: View.template) else {
      throw PageError.noTemplate(View.template)
    }
    return text
  }
}

enum PageError: Error {
  case noTemplate(String)
}
