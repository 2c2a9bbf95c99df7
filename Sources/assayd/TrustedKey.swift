import ServiceSupport

/// The public key of somebody whose bundles are taken.
struct TrustedKey {
  /// 64 hexadecimal digits in small letters, as bundles name their signers.
  let digits: String

  /// - Throws: ``ServiceSupport/SettingsError`` for anything else.
  init(_ text: String) throws(SettingsError) {
    guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else {
      throw SettingsError(description: "a key to trust is 64 hexadecimal digits: \(text)")
    }
    digits = text.lowercased()
  }
}
