/// Where a tile lies below the log's address: `tile/<level>/<index>[.p/<width>]`, or
/// `tile/entries/<index>[.p/<width>]` for the entries themselves.
///
/// An index is written in groups of three digits, all but the last behind an `x`: 1234067 is
/// `x001/x234/067`. A tile with fewer than 256 hashes or entries is partial and names its width.
///
/// Source: https://c2sp.org/tlog-tiles.
public struct TilePath: Hashable, Sendable {
  /// What a tile holds.
  public enum Content: Hashable, Sendable {
    /// Hashes of complete subtrees of 256^level entries.
    case hashes(level: Int)
    case entries
  }

  public let content: Content
  public let index: Int
  /// Hashes or entries in the tile, 1 to 256.
  public let width: Int

  /// Hashes or entries in a full tile.
  public static let fullWidth = 256

  /// - Throws: ``LogError/outOfRange(_:)`` for a level outside 0–63, a negative index, or a width
  ///   outside 1–256.
  public init(_ content: Content, index: Int, width: Int = fullWidth) throws(LogError) {
    var level = 0
    if case .hashes(let given) = content { level = given }
    guard (0...63).contains(level), index >= 0, (1...Self.fullWidth).contains(width) else {
      throw .outOfRange("tile \(index) of width \(width) at level \(level)")
    }
    self.content = content
    self.index = index
    self.width = width
  }

  public var isFull: Bool { width == Self.fullWidth }

  /// The path, without a slash in front.
  public var text: String { isFull ? fullText : "\(partialsFolder)/\(width)" }

  /// The folder of the partial tiles that come before the full one.
  public var partialsFolder: String { fullText + ".p" }

  /// The path of the tile once it is full.
  public var fullText: String {
    var rest = index
    var groups = [Self.threeDigits(rest % 1000)]
    while rest >= 1000 {
      rest /= 1000
      groups.append("x" + Self.threeDigits(rest % 1000))
    }
    let folder =
      switch content {
      case .hashes(let level): String(level)
      case .entries: "entries"
      }
    return "tile/\(folder)/\(groups.reversed().joined(separator: "/"))"
  }

  /// Reads a path; only the one spelling of a tile is taken.
  ///
  /// - Throws: ``LogError/notATilePath(_:)``.
  public init(text: String) throws(LogError) {
    guard let path = Self.parse(text), path.text.utf8.elementsEqual(text.utf8) else {
      throw .notATilePath(text)
    }
    self = path
  }

  /// The tiles that a log of `new` entries has and the same log of `old` entries had not, entries
  /// and lower levels first; those of width 0 do not exist. With `old` 0, all tiles of a log.
  public static func added(from old: Int, to new: Int) -> [TilePath] {
    var paths: [TilePath] = []
    for level in 0..<8 {
      let (before, after) = (max(0, old) >> (8 * level), max(0, new) >> (8 * level))
      guard after > before else { break }
      for index in before / fullWidth...(after - 1) / fullWidth {
        let width = min(fullWidth, after - fullWidth * index)
        if level == 0 { paths.append(TilePath(unchecked: .entries, index, width)) }
        paths.append(TilePath(unchecked: .hashes(level: level), index, width))
      }
    }
    return paths
  }

  private init(unchecked content: Content, _ index: Int, _ width: Int) {
    self.content = content
    self.index = index
    self.width = width
  }

  private static func threeDigits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: 3 - digits.count) + digits
  }

  private static func parse(_ text: String) -> TilePath? {
    var parts = text.split(separator: "/", omittingEmptySubsequences: false)[...]
    guard parts.popFirst() == "tile", let kind = parts.popFirst(), let last = parts.popLast() else {
      return nil
    }
    var digits = last
    var width = fullWidth
    if let partial = parts.last, partial.hasSuffix(".p") {
      guard let given = LogText.number(last), given < fullWidth else { return nil }
      width = given
      digits = partial.dropLast(2)
      parts.removeLast()
    }
    var index = 0
    for group in parts.map({ $0.dropFirst() }) + [digits] {
      guard group.utf8.count == 3, let number = Int(group),
        case (let value, false) = index.multipliedReportingOverflow(by: 1000),
        case (let sum, false) = value.addingReportingOverflow(number)
      else { return nil }
      index = sum
    }
    let content = kind == "entries" ? Content.entries : LogText.number(kind).map(Content.hashes)
    return content.flatMap { try? TilePath($0, index: index, width: width) }
  }
}
