using System.Globalization;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Clusters;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Wine.Harness.Com;
using HostAgent.HyperV.Wine.Harness.Served;
using HostAgent.HyperV.Wmi;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>
/// What only the adapter to the Management Infrastructure has to do: every operation is asked until its last result and closed after it, every
/// session closed after its operations, everything handed out given back; a read is cancelled, a method never. The stand-in counts both.
/// </summary>
internal sealed class MiCases : ServedCases
{
    private const int Calls = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly WmiSessionOptions OneAtATime = Adapter.Options with { CallTimeout = TimeSpan.FromSeconds(5), MaxConcurrentCalls = 1 };
    private static readonly Dictionary<string, object?> NoInputs = [];

    public override async ValueTask InitializeAsync()
        => Use(await ServedHost.OpenAsync(ServedHost.Description with { Cluster = new SimulatedClusterDescription { Name = "CL-WEST" } }, Token));

    // After every case, however it went.
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await NothingShouldBeAliveAsync();
    }

    [Fact]
    public async Task The_library_is_the_one_that_was_asked_for()
    {
        await using var session = await ConnectAsync();
        ManagementInfrastructure.Sessions.ShouldBe(1);
    }

    /// <summary>10,000 calls, and nothing of the library's is left but the open sessions.</summary>
    [Fact]
    public async Task What_a_call_was_given_is_given_back()
    {
        await using var session = await ConnectAsync();
        await using var cluster = Sessions.WmiSession.Open(Adapter.Options, ClusterClasses.Namespace, TimeProvider.System);
        var service = (await session.ListInstancesAsync(HyperVClasses.ReplicationService, [], Token)).ShouldHaveSingleItem().Path.ShouldNotBeNull();
        for (var i = 0; i < Calls; i++)
        {
            (await session.GetInstanceAsync(Served.Machine, Token)).ShouldNotBeNull();
            (await session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token)).Count.ShouldBe(3);
            (await session.ListAssociatorsAsync(Served.Machine, HyperVClasses.ElementSettingData, HyperVClasses.ReplicationSettingData, Token)).ShouldNotBeEmpty();
            (await cluster.ListInstancesAsync(ClusterClasses.Resource, [new("Type", ClusterClasses.VirtualMachineType)], Token)).ShouldNotBeEmpty();
            await session.InvokeMethodAsync(service, "GetReplicationStatisticsEx", new Dictionary<string, object?> { ["ComputerSystem"] = Served.Machine }, Token);
        }

        await BecomesAsync(() => ManagementInfrastructure.Alive, "0 instances, 0 classes, 0 operations, 2 sessions, 0 options");
    }

    [Fact]
    public async Task A_class_is_read_once()
    {
        var read = new List<string>();
        Served.Namespace.Interference = (station, subject) =>
        {
            if (station is Station.Get && !subject.Contains('=', StringComparison.Ordinal))
            {
                read.Add(subject);
            }

            return 0;
        };
        await using var session = await ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token);
            await InitiateAsync(session);
        }

        read.ShouldBe([HyperVClasses.ReplicationService, HyperVClasses.ComputerSystem]);
    }

    /// <summary>Rows flag no keys and no server; the path is that of the instance all the same.</summary>
    [Fact]
    public async Task A_path_is_made_of_the_keys_that_the_class_names()
    {
        await using var session = await ConnectAsync();
        var paths = (await session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token)).Select(row => row.Path.ShouldNotBeNull()).ToList();
        paths.ShouldAllBe(path => path.Server == null && path.Namespace == HyperVClasses.Namespace && path.Keys.Count == 2);
        paths.ShouldContain(Served.Machine);
        (await session.GetInstanceAsync(Served.Machine, Token)).ShouldNotBeNull().Path.ShouldBe(Served.Machine);
    }

    [Fact]
    public async Task A_path_into_another_namespace_is_refused()
    {
        await using var session = await ConnectAsync();
        var elsewhere = new CimObjectPath(Served.Machine.ClassName, Served.Machine.Keys, @"root\cimv2");
        await CodeShouldBeAsync(CimErrorCode.InvalidNamespace, () => session.GetInstanceAsync(elsewhere, Token));
        await CodeShouldBeAsync(CimErrorCode.InvalidNamespace, () => session.ListAssociatorsAsync(elsewhere, HyperVClasses.ElementSettingData, HyperVClasses.ReplicationSettingData, Token));
        await CodeShouldBeAsync(CimErrorCode.InvalidNamespace, () => session.InvokeMethodAsync(elsewhere, "RequestStateChange", NoInputs, Token));
    }

    /// <summary>A number of another width is converted as System.Management converts it; the host gets the declared type.</summary>
    [Theory]
    [InlineData(typeof(byte))]
    [InlineData(typeof(int))]
    [InlineData(typeof(ulong))]
    public async Task An_argument_gets_its_declared_type(Type type)
    {
        var requestedState = Convert.ChangeType(4, type, CultureInfo.InvariantCulture);
        await using var session = await ConnectAsync();
        var job = (await InitiateAsync(session)).Job.ShouldNotBeNull();
        var answer = await session.InvokeMethodAsync(job, "RequestStateChange", new Dictionary<string, object?> { ["RequestedState"] = requestedState }, Token);
        answer.ReturnValue.ShouldBe(4096u);
    }

    [Theory]
    [InlineData(70_000)]
    [InlineData(-1)]
    [InlineData("terminate")]
    public async Task An_argument_that_does_not_fit_is_refused_before_anything_is_called(object requestedState)
    {
        await using var session = await ConnectAsync();
        var job = (await InitiateAsync(session)).Job.ShouldNotBeNull();
        var before = Served.Host.Calls.Methods;
        await CodeShouldBeAsync(
            CimErrorCode.TypeMismatch,
            () => session.InvokeMethodAsync(job, "RequestStateChange", new Dictionary<string, object?> { ["RequestedState"] = requestedState }, Token));
        await CodeShouldBeAsync(
            CimErrorCode.TypeMismatch,
            () => session.InvokeMethodAsync(job, "RequestStateChange", new Dictionary<string, object?> { ["RequestedState"] = new ushort[] { 4 } }, Token));
        Served.Host.Calls.Methods.ShouldBe(before);
    }

    /// <summary>Unlike a call over System.Management, a read that was given up does not keep its place: the library ends it.</summary>
    [Fact]
    public async Task A_read_that_hangs_is_cancelled_at_its_deadline_and_leaves_its_place()
    {
        var clock = new FakeTimeProvider();
        await using var session = await ConnectAsync(OneAtATime, clock);
        using var gate = new Gate();
        Served.Namespace.Interference = gate.HoldAt(Station.Get);

        var hanging = session.GetInstanceAsync(Served.Machine, Token);
        await gate.ReachedAsync();
        clock.Advance(OneAtATime.CallTimeout);
        await CodeShouldBeAsync(CimErrorCode.TimedOut, () => hanging.WaitAsync(Patience));

        // The gate is still closed for it.
        Served.Namespace.Interference = (_, _) => 0;
        (await session.ListInstancesAsync(HyperVClasses.ReplicationProvider, [], Token).WaitAsync(Patience)).ShouldNotBeEmpty();
    }

    /// <summary>The library's own timeout comes first when the clock of the deadline stands still.</summary>
    [Fact]
    public async Task A_read_that_the_library_gives_up_has_timed_out()
    {
        var options = Adapter.Options with { CallTimeout = TimeSpan.FromSeconds(1) };
        await using var session = await ConnectAsync(options, new FakeTimeProvider());
        using var gate = new Gate();
        Served.Namespace.Interference = gate.HoldAt(Station.Query);
        await CodeShouldBeAsync(CimErrorCode.TimedOut, () => session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_read_whose_caller_leaves_is_cancelled()
    {
        await using var session = await ConnectAsync(OneAtATime);
        using var gate = new Gate();
        using var leave = new CancellationTokenSource();
        Served.Namespace.Interference = gate.HoldAt(Station.Row, "1");

        var call = session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], leave.Token);
        await gate.ReachedAsync();
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
        Served.Namespace.Interference = (_, _) => 0;
        (await session.ListInstancesAsync(HyperVClasses.ReplicationProvider, [], Token).WaitAsync(Patience)).ShouldNotBeEmpty();
    }

    /// <summary>Cancelling one would be a violation that the stand-in counts.</summary>
    [Fact]
    public async Task A_method_is_not_cancelled_and_not_called_again_before_it_has_ended()
    {
        var clock = new FakeTimeProvider();
        await using var session = await ConnectAsync(OneAtATime with { MaxConcurrentCalls = 2 }, clock);
        using var gate = new Gate();
        using var leave = new CancellationTokenSource();
        var service = (await session.ListInstancesAsync(HyperVClasses.ReplicationService, [], Token)).ShouldHaveSingleItem().Path.ShouldNotBeNull();
        var inputs = new Dictionary<string, object?> { ["ComputerSystem"] = Served.Machine };
        Served.Namespace.Interference = gate.HoldAt(Station.Method);

        var left = session.InvokeMethodAsync(service, "GetReplicationStatisticsEx", inputs, leave.Token);
        await gate.ReachedAsync();
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left.WaitAsync(Patience));
        await CodeShouldBeAsync(CimErrorCode.ServerTooBusy, () => session.InvokeMethodAsync(service, "GetReplicationStatisticsEx", inputs, Token));
        ManagementInfrastructure.Operations.ShouldBe(1);

        gate.Open();
        await BecomesAsync(() => ManagementInfrastructure.Operations, 0);
        Served.Namespace.Interference = (_, _) => 0;
        await EventuallyAsync(() => session.InvokeMethodAsync(service, "GetReplicationStatisticsEx", inputs, Token));
    }

    /// <summary>Disposal waits for nobody; the session is closed when the method has ended, and not before.</summary>
    [Fact]
    public async Task A_session_is_closed_after_its_last_operation()
    {
        var session = await ConnectAsync();
        using var gate = new Gate();
        Served.Namespace.Interference = gate.HoldAt(Station.Method);
        var call = InitiateAsync(session);
        await gate.ReachedAsync();

        await session.DisposeAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
        ManagementInfrastructure.Sessions.ShouldBe(1);

        gate.Open();
        await BecomesAsync(() => ManagementInfrastructure.Sessions, 0);
        Served.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_watch_is_cancelled_with_its_token()
    {
        await using var session = await ConnectAsync();
        using var end = new CancellationTokenSource();
        await using var watch = session.WatchInstancesAsync(HyperVClasses.ComputerSystem, TimeSpan.FromSeconds(1), end.Token).GetAsyncEnumerator(Token);
        var next = watch.MoveNextAsync().AsTask();
        await Served.Namespace.WatchArmedAsync(Token);
        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next.WaitAsync(Patience));
        await BecomesAsync(() => ManagementInfrastructure.Operations, 0);
    }

    [Fact]
    public async Task Many_calls_at_once_leave_nothing_behind()
    {
        await using var session = await ConnectAsync(Adapter.Options with { MaxConcurrentCalls = 16 });
        var counts = await Task.WhenAll(Enumerable.Range(0, 1000).Select(
            async _ => (await session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token)).Count));
        counts.ShouldAllBe(count => count == 3);
        Served.Namespace.Connections.ShouldBe(1);
        await BecomesAsync(() => ManagementInfrastructure.Alive, "0 instances, 0 classes, 0 operations, 1 sessions, 0 options");
    }

    // The library frees on threads of its own, a moment after the last result.
    private static Task NothingShouldBeAliveAsync() => BecomesAsync(() => ManagementInfrastructure.Alive, ManagementInfrastructure.Nothing);

    private static async Task BecomesAsync<T>(Func<T> read, T expected)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!Equals(read(), expected) && !deadline.IsCancellationRequested)
        {
            await Task.Yield();
        }

        read().ShouldBe(expected);
    }

    // When a call that was given up has ended is for its own thread to know.
    private static async Task EventuallyAsync(Func<Task> call)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await call();
                return;
            }
            catch (CimException busy) when (busy.ErrorCode == CimErrorCode.ServerTooBusy && !deadline.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }
}
