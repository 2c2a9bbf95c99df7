import Review

/// A proxy before the desk that signs people in, and vouches for them with a signed token in a
/// header of every request: oauth2-proxy, Cloudflare Access, an API gateway.
public struct FrontConfiguration: Sendable {
  /// The groups of a front that give a role here.
  public struct Grant: Sendable, Equatable {
    public let group: String
    public let role: Role

    /// Reads `GROUP=ROLE`; the group may have `=` in it.
    public init?(_ text: String) {
      guard let mark = text.lastIndex(of: "="), mark != text.startIndex,
        let role = Role(rawValue: String(text[text.index(after: mark)...]))
      else { return nil }
      group = String(text[..<mark])
      self.role = role
    }
  }

  /// The header; `Authorization` holds `Bearer TOKEN`, every other one the token alone.
  public var header = "Authorization"
  /// `iss` of the token, character by character.
  public var issuer: String
  /// `aud` of the token, or one of it.
  public var audience: [String]
  /// A JWK set (RFC 7517) with the front's public keys; read again when the file changes.
  public var keysFile: String
  /// The claim with the name to show. People are told apart by `sub`.
  public var nameClaim = "email"
  /// The claim with a group or a list of them; `a.b` is the member `b` of the claim `a`.
  public var groupsClaim = "groups"
  /// The highest role of a person's groups is theirs; without any there is no way in.
  public var roles: [Grant]
  /// How far the front's clock may be off, in seconds.
  public var leeway = 30.0
  /// Where signing out leads to, since the desk cannot sign anybody out of the front.
  public var signOut: String?

  public init(issuer: String, audience: [String], keysFile: String, roles: [Grant]) {
    self.issuer = issuer
    self.audience = audience
    self.keysFile = keysFile
    self.roles = roles
  }
}
