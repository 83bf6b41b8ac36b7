using HostAgent.HyperV.Captures;
using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;
using HostAgent.HyperV.Simulation.Captures;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.VirtualMachines;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Simulation.Tests.Captures;

/// <summary>What a capture shows of a host is what the host showed, and a replayed host shows the same again.</summary>
public sealed class CaptureTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly SimulatedHostDescription Description = new()
    {
        Name = "hv-west-01",
        Cluster = new SimulatedClusterDescription { Name = "CL-WEST" },
        Volumes = [new() { Name = @"D:\", CapacityGigabytes = 100, FreeGigabytes = 50 }],
        VirtualMachines =
        [
            new() { Name = "payroll-01", Id = new Guid("11111111-0000-4000-8000-000000000001"), DiskGigabytes = 10, ChangedGigabytes = 10 },
            new() { Name = "secret-02", Id = new Guid("11111111-0000-4000-8000-000000000002"), DiskGigabytes = 10, ChangedGigabytes = 10 },
        ],
    };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 21, 22, 0, 0, TimeSpan.Zero));
    private SimulatedHost? _host;

    private static VirtualMachineId Machine => new(Description.VirtualMachines[0].Id);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SimulatedHost Host => _host!;

    public async ValueTask InitializeAsync()
        => _host = await SimulatedHost.OpenAsync(Description, new SimulationOptions { MinimumJobRetention = TimeSpan.FromHours(1) }, _time, Token);

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();

    [Fact]
    public async Task Capture_of_a_replayed_host_is_the_capture_that_it_was_made_of()
    {
        var lines = await CaptureAsync(Host.OpenNamespaces());
        lines.Count.ShouldBe(19);

        var again = await CaptureAsync(ReplayedHost.Read(lines).OpenNamespaces());

        again.ShouldBe(lines);
    }

    [Fact]
    public async Task Replayed_host_answers_the_agents_questions_as_the_host_did()
    {
        var there = new HyperVHost(Host.OpenNamespaces(), _time);
        var here = new HyperVHost(ReplayedHost.Read(await CaptureAsync(Host.OpenNamespaces())).OpenNamespaces(), _time);

        (await here.DescribeAsync(Token)).ShouldBe(await there.DescribeAsync(Token));
        var (machine, original) = ((await here.FindVirtualMachineAsync(Machine, Token)).ShouldNotBeNull(), (await there.FindVirtualMachineAsync(Machine, Token)).ShouldNotBeNull());
        (machine.Path, machine.Name, machine.EnabledState, machine.ReplicationMode, machine.ReplicationState, machine.Relationship?.Health)
            .ShouldBe((original.Path, original.Name, original.EnabledState, original.ReplicationMode, original.ReplicationState, original.Relationship?.Health));
        (await here.GetReplicationSettingsAsync(Machine, Token)).ShouldNotBeNull().ToEmbeddedText()
            .ShouldBe((await there.GetReplicationSettingsAsync(Machine, Token)).ShouldNotBeNull().ToEmbeddedText());
        (await here.ListRecoveryPointsAsync(Machine, Token)).ShouldBe(await there.ListRecoveryPointsAsync(Machine, Token));
        (await here.ListJobsAsync(Machine, Token)).ShouldBeEquivalentTo(await there.ListJobsAsync(Machine, Token));
        (await here.ListReplicationProvidersAsync(Token)).ShouldBeEquivalentTo(await there.ListReplicationProvidersAsync(Token));
    }

    [Fact]
    public async Task Rows_of_other_machines_stay_at_home()
    {
        var text = string.Join('\n', await CaptureAsync(Host.OpenNamespaces()));
        text.ShouldContain("payroll-01");
        text.ShouldNotContain("secret-02");
        text.ShouldNotContain(Description.VirtualMachines[1].Id.ToString(), Case.Insensitive);
    }

    /// <summary>A failback is seen from its job's first state to its last, and replayed it ends where the host has ended.</summary>
    [Fact]
    public async Task Changes_lead_a_replayed_host_to_where_the_host_has_gone()
    {
        var lines = await CaptureAsync(Host.OpenNamespaces());
        using var end = new CancellationTokenSource();
        await using var changes = new CaptureRecorder(Host.OpenNamespaces(), Machine, _time).RecordChangesAsync(end.Token).GetAsyncEnumerator(Token);
        var next = changes.MoveNextAsync().AsTask();
        var door = new HyperVHost(Host.OpenNamespaces(), _time);
        var settings = (await door.GetReplicationSettingsAsync(Machine, Token)).ShouldNotBeNull();
        (await door.InitiateFailbackAsync(new FailbackCall(Machine, settings.ToEmbeddedText()), Token)).Code.ShouldBe(ReturnCode.JobStarted);

        var seen = new List<CapturedChange>();
        while (!seen.Exists(change => change.Instance.ClassName == HyperVClasses.ReplicationRelationship && change.Instance["ReplicationState"] is (ushort)14))
        {
            while (!next.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.Yield();
            }

            (await next).ShouldBeTrue();
            seen.Add(changes.Current.ShouldBeOfType<CapturedChange>());
            next = changes.MoveNextAsync().AsTask();
        }

        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            while (await next)
            {
                next = changes.MoveNextAsync().AsTask();
            }
        });
        seen.ShouldContain(change => change.Kind == CimInstanceEventKind.Created && change.Instance.ClassName == HyperVClasses.ConcreteJob);

        var replayed = ReplayedHost.Read([.. lines, .. seen.Select(CaptureText.Write)]);
        var here = new HyperVHost(replayed.OpenNamespaces(), _time);
        (await here.ListJobsAsync(Machine, Token)).ShouldBeEmpty();
        while (replayed.Next() is not null)
        {
        }

        replayed.ChangesLeft.ShouldBe(0);
        (await here.FindVirtualMachineAsync(Machine, Token))!.ReplicationState.ShouldBe((await door.FindVirtualMachineAsync(Machine, Token))!.ReplicationState);
        (await here.ListJobsAsync(Machine, Token)).Select(job => job.InstanceId).ShouldBe((await door.ListJobsAsync(Machine, Token)).Select(job => job.InstanceId));
    }

    [Fact]
    public async Task Names_and_addresses_are_replaced_the_same_everywhere()
    {
        var records = (await CaptureAsync(Host.OpenNamespaces())).Select(CaptureText.Read).ToList();
        var lines = new CaptureAnonymizer().Anonymize(records).Select(CaptureText.Write).ToList();
        var text = string.Join('\n', lines);

        foreach (var name in new[] { "hv-west", "payroll", "CL-WEST" })
        {
            text.ShouldNotContain(name, Case.Insensitive);
        }

        text.ShouldNotMatch(@"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}");
        var replayed = ReplayedHost.Read(lines);
        replayed.Start.IsAnonymized.ShouldBeTrue();
        var here = (await new HyperVHost(replayed.OpenNamespaces(), _time).FindVirtualMachineAsync(Machine, Token)).ShouldNotBeNull();
        var there = (await new HyperVHost(Host.OpenNamespaces(), _time).FindVirtualMachineAsync(Machine, Token)).ShouldNotBeNull();
        here.Name.ShouldStartWith("name-");
        here.ReplicationState.ShouldBe(there.ReplicationState);
        here.Relationship.ShouldNotBeNull();
    }

    [Fact]
    public async Task Stopped_management_service_is_said_once_and_the_capture_goes_on()
    {
        var session = new Stoppable(Host.OpenSession());
        using var end = new CancellationTokenSource();
        await using var changes = new CaptureRecorder(new HostNamespaces(session), Machine, _time).RecordChangesAsync(end.Token).GetAsyncEnumerator(Token);
        session.IsStopped = true;
        (await changes.MoveNextAsync()).ShouldBeTrue();
        changes.Current.ShouldBeOfType<CapturedOutage>().ErrorCode.ShouldBe(CimErrorCode.ProviderLoadFailure);

        var next = changes.MoveNextAsync().AsTask();
        session.IsStopped = false;
        _time.Advance(CaptureRecorder.Pause);
        await session.ReadAsync().WaitAsync(Patience, Token);
        Host.StartOtherJob(Machine.Value, Jobs.JobType.Backup, duration: null);
        while (!next.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await next).ShouldBeTrue();
        changes.Current.ShouldBeOfType<CapturedChange>();
        await end.CancelAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[1]")]
    [InlineData("""{"capture":2,"machine":"11111111-0000-4000-8000-000000000001","startedAt":"2026-11-21T22:00:00+00:00","anonymized":false}""")]
    [InlineData("""{"list":"Msvm_ConcreteJob","namespace":"x"}""")]
    public void Text_that_is_no_capture_is_refused_with_its_line(string text)
        => Should.Throw<FormatException>(() => ReplayedHost.Read([text])).Message.ShouldStartWith("Line 1: ");

    [Fact]
    public async Task Last_line_that_was_cut_off_is_left_out()
    {
        var lines = await CaptureAsync(Host.OpenNamespaces());
        lines.Add(lines[^1][..20]);
        ReplayedHost.Read(lines).Start.Machine.ShouldBe(Machine.Value);
    }

    [Fact]
    public async Task Methods_of_a_replayed_host_are_refused()
    {
        await using var session = ReplayedHost.Read(await CaptureAsync(Host.OpenNamespaces())).OpenNamespaces().Virtualization;
        await Should.ThrowAsync<CimException>(() => session.InvokeMethodAsync(
            new CimObjectPath(HyperVClasses.ReplicationService, []), "InitiateFailback", new Dictionary<string, object?>(), Token));
    }

    private async Task<List<string>> CaptureAsync(HostNamespaces namespaces)
    {
        var lines = new List<string> { CaptureText.Write(new CaptureStart(Machine.Value, _time.GetUtcNow(), IsAnonymized: false)) };
        await foreach (var record in new CaptureRecorder(namespaces, Machine, _time).RecordStateAsync(Token))
        {
            lines.Add(CaptureText.Write(record));
        }

        return lines;
    }

    private sealed class Stoppable(ICimSession session) : ICimSession
    {
        private readonly TaskCompletionSource _read = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsStopped { get; set; }

        public string Namespace => session.Namespace;

        public Task ReadAsync() => _read.Task;

        public Task<CimInstance?> GetInstanceAsync(CimObjectPath path, CancellationToken cancellationToken)
            => IsStopped ? throw new CimException(CimErrorCode.ProviderLoadFailure, "stopped") : session.GetInstanceAsync(path, cancellationToken);

        public async Task<IReadOnlyList<CimInstance>> ListInstancesAsync(string className, IReadOnlyList<CimFilter> filters, CancellationToken cancellationToken)
        {
            var found = await session.ListInstancesAsync(className, filters, cancellationToken);
            _read.TrySetResult();
            return found;
        }

        public Task<IReadOnlyList<CimInstance>> ListAssociatorsAsync(CimObjectPath source, string associationClass, string resultClass, CancellationToken cancellationToken)
            => session.ListAssociatorsAsync(source, associationClass, resultClass, cancellationToken);

        public Task<CimMethodResult> InvokeMethodAsync(CimObjectPath target, string methodName, IReadOnlyDictionary<string, object?> inputs, CancellationToken cancellationToken)
            => session.InvokeMethodAsync(target, methodName, inputs, cancellationToken);

        public IAsyncEnumerable<CimInstanceEvent> WatchInstancesAsync(string className, TimeSpan within, CancellationToken cancellationToken)
            => session.WatchInstancesAsync(className, within, cancellationToken);

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }
}
