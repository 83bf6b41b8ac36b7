using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Contract;

/// <summary>
/// What every implementation of <see cref="ICimSession"/> must do. Derive from it, open a subject, and the tests run. They only
/// read, unless the subject offers a change.
/// </summary>
public abstract class CimSessionContract : IAsyncLifetime
{
    private const string NoMachine = "The host offers no replicated virtual machine to read.";
    private CimSessionSubject? _subject;

    private CimSessionSubject Subject => _subject ?? throw new InvalidOperationException("The subject has not been opened.");

    private ICimSession Session => Subject.Session;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CimObjectPath Machine
    {
        get
        {
            Assert.SkipWhen(Subject.ReplicatedMachine is null, NoMachine);
            return Subject.ReplicatedMachine;
        }
    }

    private static CimObjectPath MissingMachine => new(
        HyperVClasses.ComputerSystem,
        [new("CreationClassName", HyperVClasses.ComputerSystem), new("Name", "00000000-DEAD-4000-8000-000000000000")]);

    private static CimObjectPath MissingJob
        => CimObjectPath.ForKey(HyperVClasses.ConcreteJob, "InstanceID", "00000000-DEAD-4000-8000-000000000000");

    public async ValueTask InitializeAsync() => _subject = await OpenAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_subject is not null)
        {
            await _subject.Session.DisposeAsync();
        }
    }

    [Fact]
    public void Namespace_is_that_of_hyper_v()
        => Session.Namespace.ShouldBe(HyperVClasses.Namespace, StringCompareShould.IgnoreCase);

    [Fact]
    public async Task GetInstance_of_an_existing_path_returns_the_instance_at_that_path()
    {
        var instance = (await Session.GetInstanceAsync(Machine, Cancellation)).ShouldNotBeNull();
        instance.ClassName.ShouldBe(HyperVClasses.ComputerSystem);
        instance.Path.ShouldBe(Machine);
        instance["Name"].ShouldBe(Machine.Keys["Name"]);
        instance.GetString("ElementName").ShouldNotBeNullOrEmpty();
        instance["EnabledState"].ShouldBeOfType<ushort>();
        instance["OperationalStatus"].ShouldBeOfType<ushort[]>();
    }

    [Fact]
    public async Task GetInstance_by_a_relative_path_means_the_sessions_own_namespace()
    {
        var relative = new CimObjectPath(Machine.ClassName, Machine.Keys);
        (await Session.GetInstanceAsync(relative, Cancellation)).ShouldNotBeNull()["Name"].ShouldBe(Machine.Keys["Name"]);
    }

    [Fact]
    public async Task GetInstance_ignores_the_case_of_property_and_key_names()
    {
        var lower = new CimObjectPath(Machine.ClassName, Machine.Keys.Select(k => new KeyValuePair<string, object>(k.Key.ToLowerInvariant(), k.Value)));
        (await Session.GetInstanceAsync(lower, Cancellation)).ShouldNotBeNull()["elementname"].ShouldNotBeNull();
    }

    [Fact]
    public async Task GetInstance_where_nothing_stands_returns_null()
    {
        (await Session.GetInstanceAsync(MissingMachine, Cancellation)).ShouldBeNull();
        (await Session.GetInstanceAsync(MissingJob, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task ListInstances_without_a_filter_returns_the_machine_and_the_host_itself()
    {
        var names = (await Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Cancellation)).Select(i => i.GetString("Name")).ToList();
        names.ShouldContain((string)Machine.Keys["Name"]);
        names.Any(n => !Guid.TryParse(n, out _)).ShouldBeTrue("the host itself is a row of the class");
    }

    [Fact]
    public async Task ListInstances_returns_instances_with_their_paths()
    {
        var expected = Machine;
        var instances = await Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Cancellation);
        instances.ShouldContain(i => expected.Equals(i.Path));
    }

    [Fact]
    public async Task ListInstances_of_a_superclass_includes_the_subclasses()
    {
        var name = (string)Machine.Keys["Name"];
        var instances = await Session.ListInstancesAsync("CIM_ComputerSystem", [new("Name", name)], Cancellation);
        instances.ShouldHaveSingleItem().ClassName.ShouldBe(HyperVClasses.ComputerSystem);
    }

    [Fact]
    public async Task ListInstances_with_a_filter_returns_only_what_fits()
    {
        var name = (string)Machine.Keys["Name"];
        (await Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [new("Name", name)], Cancellation))
            .ShouldHaveSingleItem()["Name"].ShouldBe(name);
    }

    [Fact]
    public async Task ListInstances_filters_strings_without_case_as_wql_does()
    {
        var name = (string)Machine.Keys["Name"];
        (await Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [new("Name", name.ToLowerInvariant())], Cancellation)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task ListInstances_with_two_filters_needs_both_to_hold()
    {
        var name = (string)Machine.Keys["Name"];
        CimFilter[] both = [new("Name", name), new("ElementName", "no machine has this name 7c1f")];
        (await Session.ListInstancesAsync(HyperVClasses.ComputerSystem, both, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ListInstances_filters_by_number()
    {
        var machine = (await Session.GetInstanceAsync(Machine, Cancellation)).ShouldNotBeNull();
        CimFilter[] same = [new("Name", machine["Name"]!), new("EnabledState", machine["EnabledState"]!)];
        (await Session.ListInstancesAsync(HyperVClasses.ComputerSystem, same, Cancellation)).ShouldHaveSingleItem();
        CimFilter[] other = [new("Name", machine["Name"]!), new("EnabledState", (ushort)65000)];
        (await Session.ListInstancesAsync(HyperVClasses.ComputerSystem, other, Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ListInstances_finds_a_name_with_quotes_and_backslashes()
    {
        Assert.SkipWhen(Subject.AwkwardName is null, "The host offers no machine whose name holds quotes and a backslash.");
        (await Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [new("ElementName", Subject.AwkwardName)], Cancellation))
            .ShouldHaveSingleItem()["ElementName"].ShouldBe(Subject.AwkwardName);
    }

    [Theory]
    [InlineData("x' OR Name<>'")]
    [InlineData("x\" OR Name<>\"")]
    [InlineData(@"x\' OR Name<>\'")]
    [InlineData("%")]
    [InlineData(@"\")]
    public async Task ListInstances_takes_a_filter_value_literally(string hostile)
        => (await Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [new("ElementName", hostile)], Cancellation)).ShouldBeEmpty();

    [Fact]
    public async Task ListInstances_of_an_unknown_class_fails()
    {
        var failure = await Should.ThrowAsync<CimException>(() => Session.ListInstancesAsync("Msvm_NoSuchClass", [], Cancellation));
        failure.ErrorCode.ShouldBe(CimErrorCode.InvalidClass);
    }

    [Fact]
    public async Task ListAssociators_returns_the_machines_own_relationships()
    {
        var relationships = await Session.ListAssociatorsAsync(
            Machine, HyperVClasses.SystemReplicationRelationship, HyperVClasses.ReplicationRelationship, Cancellation);
        relationships.ShouldNotBeEmpty();
        relationships.ShouldAllBe(r => r.GetString("InstanceID")!.Contains((string)Machine.Keys["Name"], StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task ListAssociators_returns_the_machines_replication_settings()
    {
        var settings = await Session.ListAssociatorsAsync(
            Machine, HyperVClasses.ElementSettingData, HyperVClasses.ReplicationSettingData, Cancellation);
        settings.ShouldNotBeEmpty();
        settings.ShouldAllBe(s => s.ClassName == HyperVClasses.ReplicationSettingData);
    }

    [Fact]
    public async Task ListAssociators_with_nothing_associated_returns_none()
        => (await Session.ListAssociatorsAsync(Machine, HyperVClasses.AffectedJobElement, "Msvm_MigrationJob", Cancellation)).ShouldBeEmpty();

    [Fact]
    public async Task InvokeMethod_that_the_class_lacks_fails()
        => await Should.ThrowAsync<CimException>(
            () => Session.InvokeMethodAsync(Machine, "NoSuchMethod", new Dictionary<string, object?>(), Cancellation));

    [Fact]
    public async Task InvokeMethod_of_an_object_that_is_gone_fails_with_not_found()
    {
        var failure = await Should.ThrowAsync<CimException>(
            () => Session.InvokeMethodAsync(MissingJob, "GetErrorEx", new Dictionary<string, object?>(), Cancellation));
        failure.ErrorCode.ShouldBe(CimErrorCode.NotFound);
    }

    [Fact]
    public async Task InvokeMethod_with_an_instance_where_text_is_declared_fails()
    {
        var machine = (await Session.GetInstanceAsync(Machine, Cancellation)).ShouldNotBeNull();
        var service = (await Session.ListInstancesAsync(HyperVClasses.ReplicationService, [], Cancellation)).ShouldHaveSingleItem();
        await Should.ThrowAsync<ArgumentException>(() => Session.InvokeMethodAsync(
            service.Path!, "GetReplicationStatisticsEx",
            new Dictionary<string, object?> { ["ComputerSystem"] = Machine, ["ReplicationRelationship"] = machine }, Cancellation));
    }

    [Fact]
    public async Task InvokeMethod_with_an_argument_that_the_method_lacks_fails()
    {
        var service = (await Session.ListInstancesAsync(HyperVClasses.ReplicationService, [], Cancellation)).ShouldHaveSingleItem();
        var failure = await Should.ThrowAsync<CimException>(() => Session.InvokeMethodAsync(
            service.Path!, "GetReplicationStatisticsEx", new Dictionary<string, object?> { ["VirtualMachine"] = Machine }, Cancellation));
        failure.ErrorCode.ShouldBe(CimErrorCode.InvalidParameter);
    }

    [Fact]
    public async Task Calls_with_a_cancelled_token_are_cancelled()
    {
        var cancelled = new CancellationToken(canceled: true);
        await Should.ThrowAsync<OperationCanceledException>(() => Session.GetInstanceAsync(MissingMachine, cancelled));
        await Should.ThrowAsync<OperationCanceledException>(() => Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], cancelled));
        await Should.ThrowAsync<OperationCanceledException>(() => Session.ListAssociatorsAsync(
            MissingMachine, HyperVClasses.AffectedJobElement, HyperVClasses.AnyConcreteJob, cancelled));
        await Should.ThrowAsync<OperationCanceledException>(() => Session.InvokeMethodAsync(
            MissingJob, "GetErrorEx", new Dictionary<string, object?>(), cancelled));
    }

    [Fact]
    public async Task Calls_after_disposal_fail()
    {
        await Session.DisposeAsync();
        await Should.ThrowAsync<ObjectDisposedException>(() => Session.GetInstanceAsync(MissingMachine, Cancellation));
        await Should.ThrowAsync<ObjectDisposedException>(() => Session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Cancellation));
        await Should.ThrowAsync<ObjectDisposedException>(() => Session.ListAssociatorsAsync(
            MissingMachine, HyperVClasses.AffectedJobElement, HyperVClasses.AnyConcreteJob, Cancellation));
        await Should.ThrowAsync<ObjectDisposedException>(() => Session.InvokeMethodAsync(
            MissingJob, "GetErrorEx", new Dictionary<string, object?>(), Cancellation));
        await using var events = Session.WatchInstancesAsync(HyperVClasses.ConcreteJob, Subject.Within, Cancellation).GetAsyncEnumerator(Cancellation);
        await Should.ThrowAsync<ObjectDisposedException>(() => events.MoveNextAsync().AsTask());
    }

    [Fact]
    public async Task WatchInstances_sees_a_modification()
    {
        var machine = Machine;
        Assert.SkipWhen(Subject.ModifyMachine is null, "The host is only read: it offers no change to be seen.");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var events = Session.WatchInstancesAsync(HyperVClasses.ComputerSystem, Subject.Within, deadline.Token)
            .GetAsyncEnumerator(Cancellation);
        var next = events.MoveNextAsync().AsTask();
        await Subject.ModifyMachine(Cancellation);
        while (await next.WaitAsync(Subject.Patience, Cancellation))
        {
            if (events.Current.Kind is CimInstanceEventKind.Modified && machine.Equals(events.Current.Instance.Path))
            {
                await deadline.CancelAsync();
                return;
            }

            next = events.MoveNextAsync().AsTask();
        }

        Assert.Fail("The watch ended without the modification.");
    }

    [Fact]
    public async Task WatchInstances_ends_with_its_token()
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var events = Session.WatchInstancesAsync(HyperVClasses.ReplicationService, Subject.Within, end.Token)
            .GetAsyncEnumerator(Cancellation);
        var next = events.MoveNextAsync().AsTask();
        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next.WaitAsync(Subject.Patience, Cancellation));
    }

    [Fact]
    public async Task WatchInstances_refuses_an_interval_that_is_not_positive()
        => await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
        {
            await foreach (var _ in Session.WatchInstancesAsync(HyperVClasses.ConcreteJob, TimeSpan.Zero, Cancellation))
            {
                Assert.Fail("An event came from a watch that cannot be.");
            }
        });

    /// <summary>Opens the session to test. May skip the test where the host is not to be had.</summary>
    protected abstract Task<CimSessionSubject> OpenAsync(CancellationToken cancellationToken);
}
