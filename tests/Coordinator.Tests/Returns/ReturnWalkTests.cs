using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Returns;

/// <summary>Single machines brought home through real agents, over two simulated hosts that speak.</summary>
public sealed class ReturnWalkTests
{
    [Fact]
    public async Task Machine_comes_home_with_every_write_and_is_protected()
    {
        await using var stage = await ReturnStage.StartAsync(ReturnStage.FailedOver, ReturnStage.OldPrimary);
        var begun = await stage.CreateAsync();
        (begun.RecoveryHost, begun.HomeHost, begun.VirtualMachineName, begun.Name).ShouldBe((ReturnStage.Recovery, ReturnStage.Home, "sql-01", ReturnStage.Name));

        var end = await stage.RunAsync();

        (end.Next.Kind, end.Next.Code).ShouldBe((NextKind.Done, "HOME"));
        end.Steps.Select(step => $"{step.Kind} {step.Side}").ShouldBe(
        [
            "BECOME_REPLICA Home", "REVERSE_REPLICATION Recovery", "START_REPLICATION Recovery", "SHUT_DOWN_GUEST Recovery", "PREPARE_PLANNED_FAILOVER Recovery",
            "FAIL_OVER Home", "START_MACHINE Home", "VERIFY_GUEST Home", "REVERSE_REPLICATION Home", "UNFENCE Home",
        ]);
        end.Steps.ShouldAllBe(step => step.Succeeded);
        var content = stage.Pair.Compare(ReturnStage.Machine.Id);
        (content.SecondHasAll, content.SecondIsMixed).ShouldBe((true, false));
    }
}
