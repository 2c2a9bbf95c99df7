/// A column of a ``Table``.
public struct Column: Sendable {
  let title: String
  let isNumber: Bool

  /// - Parameter isNumber: whether its cells stand to the right, digits under digits.
  public init(_ title: String, isNumber: Bool = false) {
    self.title = title
    self.isNumber = isNumber
  }

  var style: String { isNumber ? #" class="n""# : "" }
}

/// A table of markup whose first column names the rows.
public struct Table: Sendable {
  let caption: String
  let columns: [Column]
  let rows: [[String]]

  /// - Parameter rows: cells of markup, as many as there are columns.
  public init(caption: String, columns: [Column], rows: [[String]]) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }

  var markup: String {
    guard !rows.isEmpty else { return #"<p class="none">None.</p>"# }
    let heads = columns.map { #"<th scope="col"\#($0.style)>\#($0.title)</th>"# }
    return """
      <div class="wide" role="region" aria-label="\(caption)" tabindex="0">
      <table>
      <caption>\(caption)</caption>
      <thead><tr>\(heads.joined())</tr></thead>
      <tbody>
      \(rows.map(row).joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      """
  }

  private func row(_ cells: [String]) -> String {
    let rest = zip(columns, cells).dropFirst().map { "<td\($0.style)>\($1)</td>" }
    return #"<tr><th scope="row">\#(cells.first ?? "")</th>\#(rest.joined())</tr>"#
  }
}
