import Contributions
import Foundation
import Profiles
import Yams

/// A network's profile as a YAML file.
public struct ProfileFile {
  public let declaration: GeneralProfile

  public var profile: Profile { .general(declaration) }

  /// - Throws: `ProfileFileError` with every mistake in the file.
  public init(path: String) throws(ProfileFileError) {
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(validating: data, as: UTF8.self)
    else { throw ProfileFileError(path: path, mistakes: []) }
    try self.init(yaml: text, path: path)
  }

  /// - Parameter path: what error messages call the file.
  public init(yaml text: String, path: String) throws(ProfileFileError) {
    let root: Node
    do {
      guard let node = try Yams.compose(yaml: text) else {
        throw ProfileFileError(
          path: path, mistakes: [ProfileMistake(line: 1, column: 1, text: "the file is empty")])
      }
      root = node
    } catch let error as ProfileFileError {
      throw error
    } catch {
      throw ProfileFileError(path: path, mistakes: [Self.mistake(of: error)])
    }
    let mistakes = MistakeList()
    let declaration = ProfileReader(mistakes: mistakes).profile(root)
    guard mistakes.mistakes.isEmpty, let declaration else {
      throw ProfileFileError(path: path, mistakes: mistakes.sorted)
    }
    self.declaration = declaration
  }

  private static func mistake(of error: any Error) -> ProfileMistake {
    guard let error = error as? YamlError else {
      return ProfileMistake(line: 1, column: 1, text: "not YAML: \(error)")
    }
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return ProfileMistake(line: mark.line, column: mark.column, text: "not YAML: \(problem)")
    default: return ProfileMistake(line: 1, column: 1, text: "not YAML: \(error)")
    }
  }
}
