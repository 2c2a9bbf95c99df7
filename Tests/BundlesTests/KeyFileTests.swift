import Foundation
import Ledger
import Testing

@testable import Bundles

private func mode(_ path: String) throws -> Int {
  let attributes = try FileManager.default.attributesOfItem(atPath: path)
  return try #require(attributes[.posixPermissions] as? Int)
}

@Test func aNewKeyIsForItsOwnerOnlyAndReadsBack() throws {
  let folder = try TemporaryFolder()
  let path = "\(folder.path)/key.pem"
  let key = try KeyFile.create(path)
  #expect(try mode(path) == 0o600)
  #expect(try KeyFile.read(path).publicKeyHex == key.publicKeyHex)
}

@Test(arguments: [0o644, 0o640, 0o604, 0o660, 0o601])
func aKeyThatOthersMayReachIsRefused(permissions: Int) throws {
  let folder = try TemporaryFolder()
  let path = "\(folder.path)/key.pem"
  _ = try KeyFile.create(path)
  try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: path)
  #expect(throws: KeyFileError.tooOpen(path)) { try KeyFile.read(path) }
}

@Test func aKeyIsNeverOverwritten() throws {
  let folder = try TemporaryFolder()
  let path = "\(folder.path)/key.pem"
  let key = try KeyFile.create(path)
  #expect(throws: KeyFileError.exists(path)) { try KeyFile.create(path) }
  #expect(try KeyFile.read(path).publicKeyHex == key.publicKeyHex)
}

@Test func missingFoldersAndFilesAreNamed() throws {
  let folder = try TemporaryFolder()
  let path = "\(folder.path)/none/key.pem"
  #expect(throws: KeyFileError.cannotRead(path)) { try KeyFile.read(path) }
  #expect {
    try KeyFile.create(path)
  } throws: { "\($0)".hasPrefix("\(path): cannot be written") }
}

@Test func textsOfErrorsDoNotRepeatTheKey() throws {
  let folder = try TemporaryFolder()
  let path = "\(folder.path)/key.pem"
  try folder.write(Array("-----BEGIN PRIVATE KEY-----\nSECRET!\n".utf8), to: "key.pem")
  try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
  #expect {
    try KeyFile.read(path)
  } throws: { !"\($0)".contains("SECRET") }
}
