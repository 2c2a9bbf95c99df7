/// A mistake in a profile file, with its place.
public struct ProfileMistake: Error, Sendable, Equatable, CustomStringConvertible {
  /// From 1.
  public let line: Int
  public let column: Int
  /// What is wrong, what was expected.
  public let text: String

  public var description: String { "line \(line), column \(column): \(text)" }
}

/// Why a profile file cannot be used: every mistake in it, in order.
public struct ProfileFileError: Error, Sendable, Equatable, CustomStringConvertible {
  public let path: String
  public let mistakes: [ProfileMistake]

  public var description: String {
    mistakes.isEmpty
      ? "\(path): cannot be read"
      : mistakes.map { "\(path):\($0.line):\($0.column): \($0.text)" }.joined(separator: "\n")
  }
}
