using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Tests.Bugs;

/// <summary>With the recovery site's agent down, the copy at home was taken for the one to be brought home: the return went the wrong way.</summary>
public sealed class HomeAloneInSightTests
{
    [Fact]
    public async Task Only_copy_in_sight_is_not_taken_for_the_one_at_the_recovery_site()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        await stage.StopAgentAsync(ReturnStage.Recovery);

        var refused = RpcFailure.From(await Should.ThrowAsync<Grpc.Core.RpcException>(stage.CreateAsync));

        refused.Reason.ShouldBe("MACHINE_AMBIGUOUS");
        refused.Metadata["candidates"].ShouldContain(ReturnStage.Home);
        // Named, it can begin; nothing is done before both hosts answer.
        var named = await stage.Returns.CreateReturnAsync(
            new CreateReturnRequest { VirtualMachine = ReturnStage.Machine.Name, RecoveryHost = ReturnStage.Recovery, HomeHost = ReturnStage.Home });
        (named.RecoveryHost, named.HomeHost, named.Next.Code).ShouldBe((ReturnStage.Recovery, ReturnStage.Home, "SITE_SILENT"));
    }
}
