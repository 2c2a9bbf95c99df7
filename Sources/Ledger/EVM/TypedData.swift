/// Typed structured data as EIP-712 defines it: what a wallet shows and signs.
///
/// A value of this type is complete and consistent: every member of every struct is there, none
/// else is, and each is in the range of its type. So what was hashed is what can be read, and the
/// hashes need no error of their own.
///
/// Source: https://eips.ethereum.org/EIPS/eip-712.
public struct TypedData: Hashable, Sendable {
  /// One member of a struct type.
  public struct Member: Hashable, Sendable {
    public let name: String
    /// Such as `uint64`, `bytes32`, `Person` or `Person[]`.
    public let type: String

    public init(_ name: String, _ type: String) {
      self.name = name
      self.type = type
    }
  }

  /// The name of the domain's struct type.
  public static let domainType = "EIP712Domain"

  /// The members of each struct type in order, the domain's among them.
  public let types: [String: [Member]]
  /// The type of the message.
  public let primaryType: String
  public let domain: [String: TypedValue]
  public let message: [String: TypedValue]

  /// hashStruct of the domain.
  public let domainSeparator: Digest32
  /// hashStruct of the message.
  public let messageHash: Digest32

  /// Typed data of these parts. Without a type for the domain, that of the members that `domain`
  /// has is added: of `name`, `version`, `chainId`, `verifyingContract` and `salt`, in this order.
  ///
  /// - Throws: ``TypedDataError``.
  public init(
    types: [String: [Member]], primaryType: String, domain: [String: TypedValue],
    message: [String: TypedValue]
  ) throws(TypedDataError) {
    var types = types
    if types[Self.domainType] == nil {
      types[Self.domainType] = Self.standardDomain.filter { domain[$0.name] != nil }
    }
    var schema = try TypedDataSchema(types)
    self.init(
      types: types, primaryType: primaryType, domain: domain, message: message,
      domainSeparator: try schema.hash(.structure(domain), of: Self.domainType, at: "domain"),
      messageHash: try schema.hash(.structure(message), of: primaryType, at: "message"))
  }

  /// Typed data known to be consistent, with its hashes.
  init(
    types: [String: [Member]], primaryType: String, domain: [String: TypedValue],
    message: [String: TypedValue], domainSeparator: Digest32, messageHash: Digest32
  ) {
    self.types = types
    self.primaryType = primaryType
    self.domain = domain
    self.message = message
    self.domainSeparator = domainSeparator
    self.messageHash = messageHash
  }

  /// What is signed: keccak256(0x19 ‖ 0x01 ‖ ``domainSeparator`` ‖ ``messageHash``).
  public var digest: Digest32 {
    Self.digest(domainSeparator: domainSeparator, messageHash: messageHash)
  }

  static func digest(domainSeparator: Digest32, messageHash: Digest32) -> Digest32 {
    Keccak256.hash([0x19, 0x01] + domainSeparator.bytes + messageHash.bytes)
  }

  /// The text that describes a struct type to its hash: the type, then every type it refers to in
  /// order of names, such as `Mail(Person from,Person to,string contents)Person(…)`.
  ///
  /// - Throws: ``TypedDataError/unknownType(_:at:)``.
  public func encodeType(_ name: String) throws(TypedDataError) -> String {
    try TypedDataSchema(types).encodeType(name, at: name)
  }

  /// hashStruct of one more struct of the same types: keccak256(typeHash ‖ encodeData).
  ///
  /// - Throws: ``TypedDataError``.
  public func hashStruct(
    _ members: [String: TypedValue], of type: String
  ) throws(TypedDataError) -> Digest32 {
    var schema = try TypedDataSchema(types)
    return try schema.hash(.structure(members), of: type, at: type)
  }

  static let standardDomain = [
    Member("name", "string"), Member("version", "string"), Member("chainId", "uint256"),
    Member("verifyingContract", "address"), Member("salt", "bytes32"),
  ]
}

/// Why typed data is inconsistent or cannot be read. Places are written as in
/// `message.to.wallets[1]`.
public enum TypedDataError: Error, Equatable, CustomStringConvertible {
  case notJSON(JSONTextError)
  /// A name of a struct type or a member.
  case notAName(String)
  case duplicateMember(String, ofType: String)
  case unknownType(String, at: String)
  case missing(String)
  case unexpected(String)
  /// The value at a place is not one of this type, or not in its range.
  case notA(String, at: String)

  public var description: String {
    switch self {
    case .notJSON(let reason): "\(reason)"
    case .notAName(let name): "'\(name)' cannot be the name of a type or a member"
    case .duplicateMember(let name, let type): "type '\(type)' has two members '\(name)'"
    case .unknownType(let type, let place): "'\(type)' at \(place) is not a type"
    case .missing(let place): "\(place) is missing"
    case .unexpected(let place): "\(place) is not a member of its type"
    case .notA(let type, let place): "\(place) is not a value of type \(type)"
    }
  }
}
