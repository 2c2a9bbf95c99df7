/// What a call of a contract returns, read word by word with its ranges checked.
public struct ABIWords: Sendable {
  private let data: [UInt8]

  /// - Throws: ``ABIError/notWords(_:)`` unless the bytes are whole words of 32.
  public init(_ data: [UInt8]) throws(ABIError) {
    guard data.count.isMultiple(of: 32) else { throw .notWords(data.count) }
    self.data = data
  }

  public var count: Int { data.count / 32 }

  /// A `bytes32`, or any word as it is.
  ///
  /// - Throws: ``ABIError/noWord(_:count:)``, as all functions here do.
  public func digest(at index: Int) throws(ABIError) -> Digest32 {
    guard 0..<count ~= index,
      let word = try? Digest32(bytes: data[32 * index..<32 * index + 32])
    else { throw .noWord(index, count: count) }
    return word
  }

  /// A `uint256`.
  public func uint256(at index: Int) throws(ABIError) -> UInt256 {
    UInt256(word: try digest(at: index))
  }

  /// An unsigned integer of at most 64 bits.
  ///
  /// - Throws: ``ABIError/outOfRange(_:)`` from 2⁶⁴ on.
  public func uint64(at index: Int) throws(ABIError) -> UInt64 {
    guard let number = try uint256(at: index).uint64 else { throw .outOfRange(index) }
    return number
  }

  /// - Throws: ``ABIError/outOfRange(_:)`` unless the word is 0 or 1.
  public func bool(at index: Int) throws(ABIError) -> Bool {
    let number = try uint64(at: index)
    guard number <= 1 else { throw .outOfRange(index) }
    return number == 1
  }

  /// - Throws: ``ABIError/outOfRange(_:)`` unless the first twelve bytes are zero.
  public func address(at index: Int) throws(ABIError) -> EthereumAddress {
    let word = try digest(at: index)
    let address = EthereumAddress(word: word)
    guard address.word == word else { throw .outOfRange(index) }
    return address
  }

  /// The `bytes` or `string` to which the offset at `index` leads.
  ///
  /// - Throws: ``ABIError/outOfRange(_:)`` if they are not within the data.
  public func bytes(at index: Int) throws(ABIError) -> [UInt8] {
    let start = try target(ofOffsetAt: index)
    let count = try uint64(at: start)
    let first = 32 * (start + 1)
    guard count <= UInt64(data.count - first) else { throw .outOfRange(start) }
    return Array(data[first..<first + Int(count)])
  }

  /// The `address[]` to which the offset at `index` leads.
  ///
  /// - Throws: ``ABIError/outOfRange(_:)`` if it is not within the data.
  public func addresses(at index: Int) throws(ABIError) -> [EthereumAddress] {
    let start = try target(ofOffsetAt: index)
    let count = try uint64(at: start)
    guard count <= UInt64(self.count - start - 1) else { throw .outOfRange(start) }
    var addresses: [EthereumAddress] = []
    for position in 0..<Int(count) {
      addresses.append(try address(at: start + 1 + position))
    }
    return addresses
  }

  /// The index of the word at the offset, in bytes, that the word at `index` holds.
  private func target(ofOffsetAt index: Int) throws(ABIError) -> Int {
    let offset = try uint64(at: index)
    guard offset < UInt64(data.count), offset.isMultiple(of: 32) else { throw .outOfRange(index) }
    return Int(offset / 32)
  }
}

/// Why returned data cannot be read.
public enum ABIError: Error, Equatable, CustomStringConvertible {
  /// The number of bytes.
  case notWords(Int)
  /// The index asked for, and the number of words.
  case noWord(Int, count: Int)
  /// The index of the word whose value its type does not allow.
  case outOfRange(Int)

  public var description: String {
    switch self {
    case .notWords(let count): "\(count) bytes were returned, which are no whole words of 32"
    case .noWord(let index, let count): "\(count) words were returned, so none at \(index)"
    case .outOfRange(let index): "word \(index) of what was returned is out of range"
    }
  }
}
