/// Strings of any origin, made safe to stand in the page.
///
/// Node names, groups and file names are chosen by those whom the page may accuse. Nothing of them
/// is markup, and nothing of them is invisible or moves its surroundings: characters that reorder
/// text, take no room or look like a space are written as their code point, `U+202E`.
public enum Markup {
  /// Longest name shown, in Unicode scalars; real ones have at most about 90.
  static let nameLimit = 96

  /// Text of the program's own, such as a reason's sentence, for element content and attributes.
  ///
  /// The marks of reordered or invisible text are shown in square brackets. Spaces that are not
  /// U+0020 and combining accents stay: numbers and languages need them.
  public static func text(_ string: String) -> String {
    escaped(string) {
      isHidden($0)
    } marked: {
      "[\($0)]"
    }
  }

  /// A name from outside, as an element of its own that keeps its direction to itself.
  ///
  /// Unlike ``text(_:)`` this also shows combining accents and every space but single U+0020, since
  /// two names must not look the same. Names over 96 scalars end in `…` and the number left out.
  public static func name(_ string: String) -> String {
    let scalars = string.unicodeScalars
    let shown = String(scalars.prefix(nameLimit))
    let left = scalars.count - shown.unicodeScalars.count
    let content = escaped(shown) {
      isHidden($0) || isAmbiguous($0)
    } marked: {
      "<b>\($0)</b>"
    }
    let rest = left > 0 ? "<b>… \(left) more</b>" : ""
    return #"<bdi class="name">\#(content.isEmpty ? "<b>empty</b>" : content)\#(rest)</bdi>"#
  }

  private static func escaped(
    _ string: String, where isMarked: (Unicode.Scalar) -> Bool, marked: (String) -> String
  ) -> String {
    var result = ""
    result.reserveCapacity(string.utf8.count)
    for scalar in string.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case _ where isMarked(scalar): result += marked(codePoint(scalar))
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
  }

  /// Whether a scalar is a control, reorders text, takes no room or is no character at all.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
    return hidden.contains { $0.contains(scalar.value) } || scalar.value & 0xFFFE == 0xFFFE
  }

  private static func isAmbiguous(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.isASCII && ambiguous.contains { $0.contains(scalar.value) }
  }

  /// Controls, line separators, private use, non-characters and the code points that Unicode lists
  /// as `Default_Ignorable_Code_Point`. A table rather than the library's properties, whose answers
  /// follow the Unicode version it was built with. Source: DerivedCoreProperties.txt, Unicode 16.
  private static let hidden: [ClosedRange<UInt32>] = [
    0x80...0x9F, 0xAD...0xAD, 0x34F...0x34F, 0x61C...0x61C, 0x115F...0x1160, 0x17B4...0x17B5,
    0x180B...0x180F, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0x3164...0x3164,
    0xE000...0xF8FF, 0xFDD0...0xFDEF, 0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFFA0...0xFFA0,
    0xFFF0...0xFFFC, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A, 0xE0000...0x10FFFF,
  ]

  /// Spaces that pass for U+0020 or for nothing, and accents that pile up over other text.
  private static let ambiguous: [ClosedRange<UInt32>] = [
    0xA0...0xA0, 0x300...0x36F, 0x483...0x489, 0x1680...0x1680, 0x1AB0...0x1AFF,
    0x1DC0...0x1DFF, 0x2000...0x200A, 0x202F...0x202F, 0x205F...0x205F, 0x20D0...0x20FF,
    0x2800...0x2800, 0x3000...0x3000, 0xFE20...0xFE2F,
  ]
}
