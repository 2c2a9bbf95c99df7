/// Lines of the Prometheus text format, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
public struct PrometheusText: Sendable {
  /// What an answer with this text says it is.
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  enum Value {
    case integer(Int64)
    case number(Double)
  }

  private(set) var bytes: [UInt8] = []

  init() {
    bytes.reserveCapacity(16_384)
  }

  /// The lines before a metric's values.
  mutating func begin(_ name: String, type: String, help: String?) {
    if let help {
      let escaped = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
      bytes.append(contentsOf: "# HELP \(name) \(escaped)\n".utf8)
    }
    bytes.append(contentsOf: "# TYPE \(name) \(type)\n".utf8)
  }

  mutating func add(_ name: String, _ labels: String, _ value: Value) {
    bytes.append(contentsOf: name.utf8)
    if !labels.isEmpty { bytes.append(contentsOf: "{\(labels)}".utf8) }
    bytes.append(UInt8(ascii: " "))
    switch value {
    case .integer(let integer): bytes.append(contentsOf: "\(integer)".utf8)
    case .number(let number): bytes.append(contentsOf: Self.words(number).utf8)
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// A number that reads back as the same; whole ones without a point.
  static func words(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number > 0 ? "+Inf" : "-Inf" }
    return Int64(exactly: number).flatMap { $0.magnitude < 1 << 53 ? "\($0)" : nil } ?? "\(number)"
  }
}

/// Names and labels as the format's grammar has them.
enum PrometheusName {
  /// Longer label values are cut: some come from outside.
  private static let valueLimit = 128

  /// `[a-zA-Z_:][a-zA-Z0-9_:]*`; every other character becomes `_`.
  static func metric(_ text: String) -> String { name(text, colon: true) }

  private static func name(_ text: String, colon: Bool) -> String {
    var result: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "_": result.append(UInt8(ascii: scalar))
      case "0"..."9":
        if result.isEmpty { result.append(UInt8(ascii: "_")) }
        result.append(UInt8(ascii: scalar))
      case ":" where colon: result.append(UInt8(ascii: scalar))
      default: result.append(UInt8(ascii: "_"))
      }
    }
    return result.isEmpty ? "_" : String(decoding: result, as: UTF8.self)
  }

  /// `a="1",b="2"` by name. Of two labels whose names become the same the first is kept; a
  /// histogram's own `le` gets another name, since its buckets need it.
  static func labels(_ dimensions: [(String, String)], of kind: Kind) -> String {
    if dimensions.isEmpty { return "" }
    var pairs: [(name: String, value: String)] = []
    for (name, value) in dimensions {
      var name = self.name(name, colon: false)
      if kind == .histogram, name == "le" { name = "exported_le" }
      // Two underscores at the beginning are for Prometheus itself.
      if name.hasPrefix("__") { name = "label" + name }
      if !pairs.contains(where: { $0.name == name }) { pairs.append((name, value)) }
    }
    pairs.sort { $0.name < $1.name }
    return pairs.map { "\($0.name)=\"\(escaped($0.value))\"" }.joined(separator: ",")
  }

  private static func escaped(_ value: String) -> String {
    var result = ""
    for scalar in value.unicodeScalars.prefix(valueLimit) {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
