import Crypto
import Ledger

/// The speed of Keccak-256 and of the Merkle tree.
///
/// `ledger-bench keccak` compares with SHA3-256 of swift-crypto (BoringSSL), which runs the same
/// permutation on blocks of the same size. `ledger-bench sign` signs and recovers.
/// `ledger-bench tree N` and `ledger-bench root N` hash N leaves and build the tree, or the root
/// alone.
@main
struct LedgerBench {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch (arguments.first, arguments.dropFirst().first.flatMap { Int($0) }) {
    case ("keccak", nil): keccak()
    case ("sign", nil): try sign()
    case ("tree", let count?) where count > 0: try tree(count)
    case ("root", let count?) where count > 0: try root(count)
    default: print("usage: ledger-bench keccak | sign | tree N | root N")
    }
  }

  /// Best of five, in turn, on messages of three lengths.
  static func keccak() {
    for (length, count) in [(64, 400_000), (320, 100_000), (1 << 20, 32)] {
      let message = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
      var best = (ours: Double.infinity, peer: Double.infinity)
      for _ in 0..<5 {
        best.ours = min(
          best.ours, seconds { for _ in 0..<count { consume(Keccak256.hash(message)) } })
        best.peer = min(
          best.peer, seconds { for _ in 0..<count { consume(SHA3_256.hash(data: message)) } })
      }
      let megabytes = Double(length * count) / 1e6
      print(
        "keccak length \(length) ours_mb_s \(hundredths(megabytes / best.ours))"
          + " sha3_mb_s \(hundredths(megabytes / best.peer))"
          + " ratio \(hundredths(best.peer / best.ours))")
    }
  }

  /// Mean microseconds over a thousand digests.
  static func sign() throws {
    let key = try LedgerKey.random()
    let digests = (0..<1000).map { Keccak256.hash(UInt256(UInt64($0)).minimalBytes) }
    let start = ContinuousClock.now
    let signatures = try digests.map(key.sign)
    let signed = ContinuousClock.now
    for (digest, signature) in zip(digests, signatures) { consume(try signature.recover(digest)) }
    print(
      "sign sign_us \(hundredths(start.duration(to: signed) / .milliseconds(1)))"
        + " recover_us \(hundredths(signed.duration(to: .now) / .milliseconds(1)))")
  }

  static func tree(_ count: Int) throws {
    var hashes: [Digest32] = []
    let leaves = seconds { hashes = leafHashes(count) }
    let first = hashes[0]
    let start = ContinuousClock.now
    let tree = try StandardMerkleTree(leafHashes: hashes)
    let built = ContinuousClock.now
    let proof = try tree.proof(for: first)
    let valid = StandardMerkleTree.verify(leaf: first, proof: proof, root: tree.root)
    print(
      "tree leaves \(count) hash_s \(hundredths(leaves))"
        + " tree_s \(hundredths(start.duration(to: built) / .seconds(1)))"
        + " siblings \(proof.count) valid \(valid) root \(tree.root)")
  }

  static func root(_ count: Int) throws {
    var hashes: [Digest32] = []
    let leaves = seconds { hashes = leafHashes(count) }
    let start = ContinuousClock.now
    let root = try StandardMerkleTree.root(ofLeafHashes: hashes)
    print(
      "root leaves \(count) hash_s \(hundredths(leaves))"
        + " root_s \(hundredths(start.duration(to: .now) / .seconds(1))) root \(root)")
  }

  /// The hashes of made-up verdicts, a file of them at a time.
  static func leafHashes(_ count: Int) -> [Digest32] {
    var hashes: [Digest32] = []
    hashes.reserveCapacity(count)
    let batch = 65_536
    for start in stride(from: 0, to: count, by: batch) {
      let leaves = (start..<min(start + batch, count)).map(leaf)
      hashes += VerdictLeaf.hashes(of: leaves)
    }
    return hashes
  }

  static func leaf(_ index: Int) -> VerdictLeaf {
    let subject = UInt256(UInt64(index)).word
    return VerdictLeaf(
      epoch: 20_412, seq: UInt32(index), contribution: subject, subject: subject, code: .accept,
      scorePpm: UInt32(index % 1_000_000), reasonBits: 0, unitsMicro: UInt64(index),
      evidence: subject)
  }

  static func seconds(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    return start.duration(to: .now) / .seconds(1)
  }

  /// Keeps the optimiser from dropping a result.
  @inline(never)
  static func consume<Value>(_ value: Value) {}

  static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
