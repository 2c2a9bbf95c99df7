import Contributions

extension VerdictLeaf {
  /// The ten fields as the `value` of a tree dump holds them: unsigned integers in decimal, digests
  /// as `0x` and 64 hexadecimal digits, all as text, so that no reader loses a digit.
  public var values: [String] {
    [
      String(epoch), String(seq), contribution.hex, subject.hex, String(code.rawValue),
      String(scorePpm), String(reasonBits), String(unitsMicro), evidence.hex, supersedes.hex,
    ]
  }

  /// The leaf of such ten texts.
  ///
  /// - Throws: ``LeafValuesError`` with the place of the one that is wrong.
  public init(values: [String]) throws(LeafValuesError) {
    guard values.count == Self.encoding.count else { throw .wrongCount(values.count) }
    guard let code = VerdictCode(rawValue: try Self.number(values, 4)) else {
      throw .wrongValue(index: 4, text: values[4])
    }
    self.init(
      epoch: try Self.number(values, 0), seq: try Self.number(values, 1),
      contribution: try Self.digest(values, 2), subject: try Self.digest(values, 3), code: code,
      scorePpm: try Self.number(values, 5), reasonBits: try Self.number(values, 6),
      unitsMicro: try Self.number(values, 7), evidence: try Self.digest(values, 8),
      supersedes: try Self.digest(values, 9))
  }

  private static func number<Number: FixedWidthInteger>(
    _ values: [String], _ index: Int
  ) throws(LeafValuesError) -> Number {
    // One spelling only: no sign, no leading zero.
    guard let number = Number(values[index]), String(number) == values[index] else {
      throw .wrongValue(index: index, text: values[index])
    }
    return number
  }

  private static func digest(
    _ values: [String], _ index: Int
  ) throws(LeafValuesError) -> Digest32 {
    guard let digest = try? Digest32(hex: values[index]) else {
      throw .wrongValue(index: index, text: values[index])
    }
    return digest
  }
}

/// Why texts are no leaf.
public enum LeafValuesError: Error, Equatable, CustomStringConvertible {
  /// The number of texts; there are ten fields.
  case wrongCount(Int)
  case wrongValue(index: Int, text: String)

  public var description: String {
    switch self {
    case .wrongCount(let count): "a leaf has ten values, not \(count)"
    case .wrongValue(let index, let text):
      "value \(index) of a leaf is no \(VerdictLeaf.encoding[index]): '\(text)'"
    }
  }
}
