extension GroupCoordinator {
    /// Everything that groups answer.
    package nonisolated func register(on router: inout RequestRouter) {
        router.on(FindCoordinatorRequest.self) { request, _ in await self.find(request) }
        router.on(JoinGroupRequest.self) { request, context in await self.join(request, context: context) }
        router.on(SyncGroupRequest.self) { request, _ in await self.sync(request) }
        router.on(HeartbeatRequest.self) { request, _ in await self.heartbeat(request) }
        router.on(LeaveGroupRequest.self) { request, _ in await self.leave(request) }
        router.on(OffsetCommitRequest.self) { request, _ in await self.commit(request) }
        router.on(OffsetFetchRequest.self) { request, _ in await self.fetch(request) }
        router.on(DescribeGroupsRequest.self) { request, _ in await self.describe(request) }
        router.on(ListGroupsRequest.self) { request, _ in await self.list(request) }
        router.on(DeleteGroupsRequest.self) { request, _ in await self.delete(request) }
        router.on(OffsetDeleteRequest.self) { request, _ in await self.delete(request) }
    }
}
