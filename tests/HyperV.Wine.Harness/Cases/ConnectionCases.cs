using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Wine.Harness.Served;
using HostAgent.HyperV.Wmi;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>Connections that die, calls that hang, callers that leave.</summary>
internal sealed class ConnectionCases : ServedCases
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly WmiSessionOptions OneAtATime = Adapter.Options with { CallTimeout = TimeSpan.FromSeconds(5), MaxConcurrentCalls = 1 };
    private static readonly WmiSessionOptions TwoAtATime = OneAtATime with { MaxConcurrentCalls = 2 };

    [Fact]
    public async Task A_restart_between_two_calls_fails_one_call_and_the_next_connects_anew()
    {
        await using var session = await ConnectAsync();
        (await session.GetInstanceAsync(Served.Machine, Token)).ShouldNotBeNull();
        Served.Namespace.Connections.ShouldBe(1);

        Served.Namespace.Restart();
        await CodeShouldBeAsync(CimErrorCode.RpcDisconnected, () => session.GetInstanceAsync(Served.Machine, Token));
        (await session.GetInstanceAsync(Served.Machine, Token)).ShouldNotBeNull();
        Served.Namespace.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task A_restart_ends_a_watch_and_the_next_watch_connects_anew()
    {
        await using var session = await ConnectAsync();
        await using var broken = Watch(session);
        var next = broken.MoveNextAsync().AsTask();
        await Served.Namespace.WatchArmedAsync(Token);
        Served.Namespace.Restart();
        await CodeShouldBeAsync(CimErrorCode.RpcDisconnected, () => next);

        await using var again = Watch(session);
        next = again.MoveNextAsync().AsTask();
        await Served.Namespace.WatchArmedAsync(Token);
        Served.ModifyMachine();
        (await next.WaitAsync(Patience)).ShouldBeTrue();
    }

    /// <summary>Where the answer does not come from WMI itself, the connection is not trusted any more.</summary>
    [Theory]
    [InlineData(0x800706BAu, 2)] // RPC_S_SERVER_UNAVAILABLE
    [InlineData(0x800706BEu, 2)] // RPC_S_CALL_FAILED
    [InlineData(0x800706BFu, 2)] // RPC_S_CALL_FAILED_DNE
    [InlineData(0x80010007u, 2)] // RPC_E_SERVER_DIED
    [InlineData(0x80010108u, 2)] // RPC_E_DISCONNECTED
    [InlineData(0x800401FDu, 2)] // CO_E_OBJNOTCONNECTED
    [InlineData(0x80004002u, 2)] // E_NOINTERFACE: what asking a dead proxy for an interface ends with
    [InlineData(0x80041015u, 2)] // WBEM_E_TRANSPORT_FAILURE
    [InlineData(0x80041033u, 2)] // WBEM_E_SHUTTING_DOWN
    [InlineData(0x80041002u, 1)] // WBEM_E_NOT_FOUND
    [InlineData(0x80041003u, 1)] // WBEM_E_ACCESS_DENIED
    [InlineData(0x80041013u, 1)] // WBEM_E_PROVIDER_LOAD_FAILURE
    [InlineData(0x8004106Cu, 1)] // WBEM_E_QUOTA_VIOLATION
    public async Task Only_a_failure_of_the_connection_makes_a_new_one(uint code, int connections)
    {
        await using var session = await ConnectAsync();
        Served.Namespace.Interference = (station, _) => station is Station.Query ? code : 0;
        await CodeShouldBeAsync(code, () => session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token));
        Served.Namespace.Interference = (_, _) => 0;
        (await session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token)).Count.ShouldBe(3);
        Served.Namespace.Connections.ShouldBe(connections);
    }

    [Fact]
    public async Task A_query_that_hangs_between_rows_is_given_up_at_its_deadline()
    {
        var clock = new FakeTimeProvider();
        await using var session = await ConnectAsync(OneAtATime, clock);
        using var gate = new Gate();
        Served.Namespace.Interference = gate.HoldAt(Station.Row, "1");

        var hanging = session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token);
        await gate.ReachedAsync();
        clock.Advance(OneAtATime.CallTimeout);
        await CodeShouldBeAsync(CimErrorCode.TimedOut, () => hanging.WaitAsync(Patience));
        gate.Open();
    }

    [Fact]
    public async Task A_method_that_answers_late_has_still_run_once()
    {
        var clock = new FakeTimeProvider();
        await using var session = await ConnectAsync(OneAtATime, clock);
        using var gate = new Gate();
        Served.Namespace.Interference = gate.HoldAt(Station.MethodAnswer);

        var late = InitiateAsync(session);
        await gate.ReachedAsync();
        clock.Advance(OneAtATime.CallTimeout);
        await CodeShouldBeAsync(CimErrorCode.TimedOut, () => late.WaitAsync(Patience));
        gate.Open();
        Served.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_method_that_was_given_up_is_not_called_again_while_it_is_still_at_work()
    {
        var clock = new FakeTimeProvider();
        await using var session = await ConnectAsync(TwoAtATime, clock);
        using var gate = new Gate();
        Served.Namespace.Interference = gate.HoldAt(Station.Method);

        var stuck = InitiateAsync(session);
        await gate.ReachedAsync();
        clock.Advance(TwoAtATime.CallTimeout);
        await CodeShouldBeAsync(CimErrorCode.TimedOut, () => stuck.WaitAsync(Patience));

        await CodeShouldBeAsync(CimErrorCode.ServerTooBusy, () => InitiateAsync(session).WaitAsync(Patience));
        // Nothing else is held back.
        (await session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token).WaitAsync(Patience)).Count.ShouldBe(3);

        gate.Open();
        await CalledAgainAsync(session).WaitAsync(Patience);
        Served.Host.Initiations.Total.ShouldBe(1);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_wait_for_the_host()
    {
        await using var session = await ConnectAsync();
        using var gate = new Gate();
        using var leave = new CancellationTokenSource();
        Served.Namespace.Interference = gate.HoldAt(Station.Get);

        var call = session.GetInstanceAsync(Served.Machine, leave.Token);
        await gate.ReachedAsync();
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
        gate.Open();
    }

    /// <summary>Neither a watch that cannot be armed nor one whose host has fallen silent holds whoever wants to end it.</summary>
    [Theory]
    [InlineData(Station.Watch)]
    [InlineData(Station.Event)]
    public async Task A_watch_that_hangs_ends_with_its_token(Station hanging)
    {
        await using var session = await ConnectAsync();
        using var gate = new Gate();
        using var end = new CancellationTokenSource();
        Served.Namespace.Interference = gate.HoldAt(hanging);

        await using var watch = session.WatchInstancesAsync(HyperVClasses.ComputerSystem, TimeSpan.FromSeconds(1), end.Token).GetAsyncEnumerator(Token);
        var next = watch.MoveNextAsync().AsTask();
        await gate.ReachedAsync();
        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next.WaitAsync(Patience));
        gate.Open();
    }

    [Fact]
    public async Task Disposing_ends_calls_and_watches_under_way()
    {
        var session = await ConnectAsync();
        using var gate = new Gate();
        var watch = Watch(session);
        var change = watch.MoveNextAsync().AsTask();
        await Served.Namespace.WatchArmedAsync(Token);
        Served.Namespace.Interference = gate.HoldAt(Station.Get);
        var call = session.GetInstanceAsync(Served.Machine, Token);
        await gate.ReachedAsync();

        await session.DisposeAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => call.WaitAsync(Patience));
        await Should.ThrowAsync<OperationCanceledException>(() => change.WaitAsync(Patience));
        await Should.ThrowAsync<ObjectDisposedException>(() => session.GetInstanceAsync(Served.Machine, Token));
        gate.Open();
        await watch.DisposeAsync();
    }

    [Fact]
    public async Task Many_calls_at_once_all_get_their_answers()
    {
        await using var session = await ConnectAsync(Adapter.Options with { MaxConcurrentCalls = 8 });
        var counts = await Task.WhenAll(Enumerable.Range(0, 200).Select(
            async _ => (await session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token)).Count));
        counts.ShouldAllBe(count => count == 3);
        Served.Namespace.Connections.ShouldBe(1);
    }

    private static IAsyncEnumerator<CimInstanceEvent> Watch(ICimSession session)
        => session.WatchInstancesAsync(HyperVClasses.ComputerSystem, TimeSpan.FromSeconds(1), Token).GetAsyncEnumerator(Token);

    // When the call that was given up ends is for its own thread to know: it is called again until it is no longer refused.
    private async Task CalledAgainAsync(ICimSession session)
    {
        while (true)
        {
            try
            {
                await InitiateAsync(session);
                return;
            }
            catch (CimException busy) when (busy.ErrorCode == CimErrorCode.ServerTooBusy)
            {
                await Task.Yield();
            }
        }
    }
}
