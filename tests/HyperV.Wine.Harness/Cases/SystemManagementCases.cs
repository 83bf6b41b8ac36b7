using System.Runtime.Versioning;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Wine.Harness.Com;
using HostAgent.HyperV.Wine.Harness.Served;
using HostAgent.HyperV.Wmi;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>
/// What only the adapter over System.Management has to do. No object of the host outlives the call that it was read for: what was given out is
/// asked for its count after every one of 10,000 calls, long before a garbage collection could have released it. A call that hangs cannot be
/// ended, so it keeps its place.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class SystemManagementCases : ServedCases
{
    private const int Calls = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly WmiSessionOptions OneAtATime = new() { CallTimeout = TimeSpan.FromSeconds(5), MaxConcurrentCalls = 1 };

    public override async ValueTask InitializeAsync()
        => Use(await ServedHost.OpenAsync(ServedHost.Description with { Cluster = new SimulatedClusterDescription { Name = "CL-WEST" } }, Token));

    [Fact]
    public async Task An_instance_is_released()
    {
        await using var session = await ConnectAsync();
        await NothingShouldBeHeldAsync(() => session.GetInstanceAsync(Served.Machine, Token));
    }

    [Fact]
    public async Task The_rows_of_a_listing_are_released()
    {
        await using var session = await ConnectAsync();
        await NothingShouldBeHeldAsync(() => session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token));
    }

    [Fact]
    public async Task Associated_instances_are_released()
    {
        await using var session = await ConnectAsync();
        await NothingShouldBeHeldAsync(() => session.ListAssociatorsAsync(Served.Machine, HyperVClasses.ElementSettingData, HyperVClasses.ReplicationSettingData, Token));
    }

    [Fact]
    public async Task Inputs_and_outputs_of_a_method_are_released()
    {
        await using var session = await ConnectAsync();
        var service = (await session.ListInstancesAsync(HyperVClasses.ReplicationService, [], Token)).ShouldHaveSingleItem().Path.ShouldNotBeNull();
        await NothingShouldBeHeldAsync(() => session.InvokeMethodAsync(
            service, "GetReplicationStatisticsEx", new Dictionary<string, object?> { ["ComputerSystem"] = Served.Machine }, Token));
    }

    /// <summary>
    /// System.Management fetches an embedded object once more for itself, and nobody can reach that one: the collector releases it. What the
    /// adapter fetched is gone.
    /// </summary>
    [Fact]
    public async Task Of_an_embedded_instance_only_the_librarys_own_copy_waits_for_the_collector()
    {
        await using var session = WmiSession.Open(new WmiSessionOptions(), ClusterClasses.Namespace, TimeProvider.System);
        using var handouts = Handouts.Watch();
        for (var i = 0; i < Calls; i++)
        {
            var before = handouts.CountHeld();
            var embedded = (await session.ListInstancesAsync(ClusterClasses.Resource, [new("Type", ClusterClasses.VirtualMachineType)], Token)).Count;
            (handouts.CountHeld() - before).ShouldBeLessThanOrEqualTo(embedded);
        }

        Collect();
        handouts.CountHeld().ShouldBe(0);
    }

    /// <summary>Of the one that has an instance, the library's own copy of the instance may be left.</summary>
    [Fact]
    public async Task Events_are_released()
    {
        await using var session = await ConnectAsync();
        using var end = new CancellationTokenSource();
        await using var watch = session.WatchInstancesAsync(HyperVClasses.ComputerSystem, TimeSpan.FromSeconds(1), end.Token).GetAsyncEnumerator(Token);
        var next = watch.MoveNextAsync().AsTask();
        await Served.Namespace.WatchArmedAsync(Token);
        using var handouts = Handouts.Watch();
        for (var i = 0; i < 100; i++)
        {
            Served.Namespace.RaiseLostEvents();
        }

        Served.ModifyMachine();
        (await next.WaitAsync(Patience)).ShouldBeTrue();

        // The watch hands the last event on before it releases it, and others may have come with it.
        handouts.CountHeld().ShouldBeLessThan(10);
    }

    /// <summary>There is no way to end a call of System.Management.</summary>
    [Fact]
    public async Task A_call_that_hangs_is_given_up_at_its_deadline_and_keeps_its_place()
    {
        var clock = new FakeTimeProvider();
        await using var session = await ConnectAsync(OneAtATime, clock);
        using var gate = new Gate();
        Served.Namespace.Interference = gate.HoldAt(Station.Get);

        var hanging = session.GetInstanceAsync(Served.Machine, Token);
        await gate.ReachedAsync();
        clock.Advance(OneAtATime.CallTimeout);
        await CodeShouldBeAsync(CimErrorCode.TimedOut, () => hanging.WaitAsync(Patience));

        // The only place is the hanging call's, so the next call ends in waiting for it.
        var waiting = session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token);
        clock.Advance(OneAtATime.CallTimeout);
        await CodeShouldBeAsync(CimErrorCode.TimedOut, () => waiting.WaitAsync(Patience));

        gate.Open();
        (await session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token).WaitAsync(Patience)).Count.ShouldBe(3);
    }

    // The first call reads what the session keeps: the declaration of a method.
    private static async Task NothingShouldBeHeldAsync(Func<Task> call)
    {
        await call();
        using var handouts = Handouts.Watch();
        var most = 0;
        for (var i = 0; i < Calls; i++)
        {
            await call();
            most = Math.Max(most, handouts.CountHeld());
        }

        most.ShouldBe(0);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
