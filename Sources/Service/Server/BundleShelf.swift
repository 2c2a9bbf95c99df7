import Bundles
import Contributions
import Crypto
import Foundation
import Review

/// Where bundles lie below output folders.
public enum BundleFolders {
  /// Bundles two levels below the folders at most, as runs write them: by profile, and each
  /// epoch's revisions in their order.
  public static func bundles(below folders: [String]) -> [String] {
    var found: [String] = []
    for folder in folders { collect(folder, depth: 2, into: &found) }
    return found.sorted { $0.compare($1, options: [.numeric, .literal]) == .orderedAscending }
  }

  private static func collect(_ folder: String, depth: Int, into found: inout [String]) {
    if FileManager.default.fileExists(atPath: folder + "/statement.json") {
      return found.append(folder)
    }
    guard depth > 0 else { return }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names.sorted() where !name.hasPrefix(".") {
      var isFolder: ObjCBool = false
      let path = "\(folder)/\(name)"
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        collect(path, depth: depth - 1, into: &found)
      }
    }
  }
}

/// The folders in which bundles lie. Nothing outside them is ever imported from a page.
struct BundleShelf: Sendable {
  let folders: [String]

  func bundles() -> [String] { BundleFolders.bundles(below: folders) }

  /// Bundles that the store does not have: those at other paths than its own.
  func waiting(besides imported: [ImportedBundle]) -> [String] {
    let known = Set(imported.map { Self.resolved($0.path) })
    return bundles().filter { !known.contains(Self.resolved($0)) }
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }

  /// The run report of an imported bundle, if it is still the one that the statement names.
  ///
  /// - Throws: `Refusal.notFound` if it is not.
  static func report(of bundle: ImportedBundle) throws(Refusal) -> [UInt8] {
    let reader = BundleReader(path: bundle.path)
    let name = "reports/report.html"
    guard let statement = try? reader.stored("statement.json"),
      digest(statement) == bundle.statement.lowercased().replacing("0x", with: ""),
      let subject = (try? reader.statement())?.subject.first(where: { $0.name == name }),
      let report = try? reader.stored(name), digest(report) == subject.sha256
    else { throw .notFound }
    return report
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    Hex.encode(Array(SHA256.hash(data: bytes)))
  }
}
