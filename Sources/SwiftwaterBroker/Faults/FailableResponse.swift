/// An answer that must be made before errors can be put into it, as it tells what the request does not know.
protocol FailableResponse: APIResponse {
    mutating func fail(_ error: ErrorCode)
}
