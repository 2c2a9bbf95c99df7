import Foundation
import SwiftProtobuf

/// The served protos, to be found by file and by symbol.
struct DescriptorIndex: Sendable {
  /// Serialised descriptors by file name.
  private var files: [String: Data] = [:]
  /// File names by the full name of each symbol declared.
  private var symbols: [String: String] = [:]
  private var imports: [String: [String]] = [:]
  /// Full names of all messages.
  private var messages: Set<String> = []
  /// Full names of all services, sorted.
  private(set) var services: [String] = []

  /// - Throws: for bytes that are no descriptor set.
  init(_ set: Google_Protobuf_FileDescriptorSet) throws {
    for file in set.file {
      files[file.name] = try file.serializedData()
      imports[file.name] = file.dependency
      let scope = Scope(file: file.name, name: file.package)
      for message in file.messageType { add(message, scope) }
      for value in file.enumType { add(value, scope) }
      for service in file.service {
        let inner = add(service.name, scope)
        services.append(inner.name)
        for method in service.method { add(method.name, inner) }
      }
    }
    services.sort()
  }

  /// The index of the embedded protos.
  static func embedded() throws -> DescriptorIndex {
    let bytes = Data(base64Encoded: descriptorSetBase64) ?? Data()
    return try DescriptorIndex(Google_Protobuf_FileDescriptorSet(serializedBytes: bytes))
  }

  /// The file and all that it imports, itself first; `nil` for a name that is not served.
  func file(named name: String) -> [Data]? {
    guard files[name] != nil else { return nil }
    var order = [name]
    var place = 0
    while place < order.count {
      order += (imports[order[place]] ?? []).filter { !order.contains($0) }
      place += 1
    }
    return order.compactMap { files[$0] }
  }

  func file(declaring symbol: String) -> [Data]? {
    symbols[symbol].flatMap(file(named:))
  }

  func isMessage(_ name: String) -> Bool { messages.contains(name) }

  private struct Scope {
    let file: String
    let name: String
  }

  @discardableResult
  private mutating func add(_ name: String, _ scope: Scope) -> Scope {
    let full = scope.name.isEmpty ? name : scope.name + "." + name
    symbols[full] = scope.file
    return Scope(file: scope.file, name: full)
  }

  private mutating func add(_ message: Google_Protobuf_DescriptorProto, _ scope: Scope) {
    let inner = add(message.name, scope)
    messages.insert(inner.name)
    for field in message.field { add(field.name, inner) }
    for oneof in message.oneofDecl { add(oneof.name, inner) }
    for nested in message.nestedType { add(nested, inner) }
    for value in message.enumType { add(value, inner) }
  }

  /// The values of an enum are symbols of what the enum is declared in.
  private mutating func add(_ declared: Google_Protobuf_EnumDescriptorProto, _ scope: Scope) {
    add(declared.name, scope)
    for value in declared.value { add(value.name, scope) }
  }
}
