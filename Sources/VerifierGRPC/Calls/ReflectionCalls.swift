import Foundation
import GRPCCore
import GRPCProtobuf
import VerifierService

/// The gRPC Server Reflection Protocol over the embedded protos, so that tools such as grpcurl need
/// no proto file.
///
/// Needs no key: it tells nothing that is not in this repository. Served as `v1` and, because many
/// tools know no other, as `v1alpha`, whose messages are the same.
struct ReflectionCalls: RegistrableRPCService {
  typealias Request = Grpc_Reflection_V1_ServerReflectionRequest
  typealias Answer = Grpc_Reflection_V1_ServerReflectionResponse

  let index: DescriptorIndex
  let host: VerifierHost
  let end: EndSignal

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    for version in ["v1", "v1alpha"] {
      let service = ServiceDescriptor(
        fullyQualifiedService: "grpc.reflection.\(version).ServerReflection")
      router.registerHandler(
        forMethod: MethodDescriptor(
          service: service, method: "ServerReflectionInfo", type: .bidirectionalStreaming),
        deserializer: ProtobufDeserializer<Request>(),
        serializer: ProtobufSerializer<Answer>()
      ) { request, context in
        let call = Call(request.metadata, context, host: host, end: end)
        return StreamingServerResponse { writer in
          try await call.run(endsWithServer: true) {
            for try await question in request.messages {
              try await writer.write(answer(to: question))
            }
          }
          return [:]
        }
      }
    }
  }

  func answer(to question: Request) -> Answer {
    var answer = Answer()
    answer.validHost = question.host
    answer.originalRequest = question
    switch question.messageRequest {
    case .fileByFilename(let name): answer.set(files: index.file(named: name), name)
    case .fileContainingSymbol(let name): answer.set(files: index.file(declaring: name), name)
    case .fileContainingExtension(let wanted): answer.set(files: nil, wanted.containingType)
    case .allExtensionNumbersOfType(let name) where index.isMessage(name):
      answer.allExtensionNumbersResponse.baseTypeName = name
    case .allExtensionNumbersOfType(let name): answer.set(files: nil, name)
    case .listServices:
      answer.listServicesResponse.service = index.services.map { name in .with { $0.name = name } }
    case nil: answer.fail(.invalidArgument, "The request asks nothing.")
    }
    return answer
  }
}

extension Grpc_Reflection_V1_ServerReflectionResponse {
  fileprivate mutating func set(files: [Data]?, _ name: String) {
    guard let files else { return fail(.notFound, "There is no '\(name)' here.") }
    fileDescriptorResponse.fileDescriptorProto = files
  }

  fileprivate mutating func fail(_ code: Status.Code, _ message: String) {
    errorResponse.errorCode = Int32(code.rawValue)
    errorResponse.errorMessage = message
  }
}
