import Logging

/// What concerns the broker as a whole. Registered last, as ApiVersions lists what is there.
struct ClusterRoutes: Sendable {
    var endpoint: BrokerEndpoint
    var clusterID: String
    var producerIDs: ProducerIDs
    var logger: Logger

    func register(on router: inout RequestRouter) {
        router.on(DescribeClusterRequest.self) { _, _ in
            DescribeClusterResponse(broker: endpoint, clusterID: clusterID)
        }
        router.on(SASLHandshakeRequest.self) { _, _ in SASLHandshakeResponse() }
        router.on(InitProducerIDRequest.self) { request, _ in initProducerID(request) }
        let keys = router.apiKeys + [.apiVersions]
        router.on(APIVersionsRequest.self) { _, _ in APIVersionsResponse(apiKeys: keys) }
    }

    private func initProducerID(_ request: InitProducerIDRequest) -> InitProducerIDResponse {
        guard request.transactionalID == nil else { return InitProducerIDResponse(error: .invalidRequest) }
        do {
            return InitProducerIDResponse(producerID: try producerIDs.take(), producerEpoch: 0)
        } catch {
            logger.error("no producer id", metadata: ["error": "\(error)"])
            return InitProducerIDResponse(error: .storageError)
        }
    }
}
