using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Contract;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Wmi;

namespace HostAgent.HyperV.Windows.Tests;

/// <summary>
/// The contract against the Hyper-V of the machine that the tests run on: <c>dotnet test tests/HyperV.Windows.Tests</c> from an
/// elevated prompt. It only reads.
/// </summary>
/// <param name="library">The library that it runs over.</param>
public abstract class WmiSessionContractTests(WmiLibrary library) : CimSessionContract
{
    protected override async Task<CimSessionSubject> OpenAsync(CancellationToken cancellationToken)
    {
        var session = await LocalHyperV.OpenAsync(library);
        var host = new HyperVHost(session, TimeProvider.System);
        var replicated = (await host.ListVirtualMachinesAsync(cancellationToken)).FirstOrDefault(m => m.Relationship is not null);
        return new CimSessionSubject { Session = session, ReplicatedMachine = replicated?.Path };
    }
}

/// <summary>Over System.Management.</summary>
public sealed class SystemManagementContractTests() : WmiSessionContractTests(WmiLibrary.SystemManagement);

/// <summary>Over Windows' own Management Infrastructure.</summary>
public sealed class ManagementInfrastructureContractTests() : WmiSessionContractTests(WmiLibrary.ManagementInfrastructure);

/// <summary>
/// What a return between two hosts is decided on, over each library, of a machine that is there: it only reads, and tests the connection to the machine's
/// other side. The calls that change something are for a throw-away machine; see src/HyperV/Captures.
/// </summary>
public sealed class ReturnReadingTests
{
    [Theory]
    [InlineData(WmiLibrary.SystemManagement)]
    [InlineData(WmiLibrary.ManagementInfrastructure)]
    public async Task Host_and_machine_are_read_and_a_host_with_the_class_shows_its_facts(WmiLibrary library)
    {
        await using var session = await LocalHyperV.OpenAsync(library);
        var cancellation = TestContext.Current.CancellationToken;
        var host = new HyperVHost(session, TimeProvider.System);
        var machines = await host.ListVirtualMachinesAsync(cancellation);
        Assert.SkipWhen(machines.Count == 0, "This host has no virtual machine.");
        var machine = machines[0];

        var facts = await host.ReadHomeFactsAsync(machine.Id, toPeer: null, cancellation);
        var startup = await new FailoverCalls(session).ReadStartupActionAsync(machine.Id, cancellation);

        startup.ShouldNotBeNull();
        facts.Machine.ShouldNotBeNull().Version.ShouldNotBeNullOrEmpty();
        facts.Machine.StartupMemoryBytes.ShouldNotBeNull();
        facts.SupportedVersions.ShouldNotBeNull().ShouldContain(facts.Machine.Version!);
        // Each class and association that is documented for this host's release answers.
        facts.Unread.Where(one => one.Subject is not (HomeSubject.ReplicaServer or HomeSubject.AllowedPrimaries or HomeSubject.Certificates)).ShouldBeEmpty();
    }
}

/// <summary>What one library reads, the other reads too: every class that a readiness check asks for.</summary>
public sealed class BothLibrariesTests
{
    [Theory]
    [InlineData(HyperVClasses.ComputerSystem)]
    [InlineData(HyperVClasses.ReplicationRelationship)]
    [InlineData(HyperVClasses.ReplicationSettingData)]
    [InlineData(HyperVClasses.ReplicationService)]
    [InlineData(HyperVClasses.ReplicationServiceSettingData)]
    [InlineData(HyperVClasses.ReplicationProvider)]
    [InlineData(HyperVClasses.StorageAllocationSettingData)]
    public async Task Instances_of_a_class_have_the_same_paths_properties_and_types(string className)
    {
        var management = await ReadAsync(WmiLibrary.SystemManagement, className);
        var infrastructure = await ReadAsync(WmiLibrary.ManagementInfrastructure, className);
        infrastructure.ShouldBe(management);
    }

    // The values of some properties change while a host runs; their types do not.
    private static async Task<IReadOnlyList<string>> ReadAsync(WmiLibrary library, string className)
    {
        await using var session = await LocalHyperV.OpenAsync(library);
        return
        [
            .. (await session.ListInstancesAsync(className, [], TestContext.Current.CancellationToken))
                .Select(instance => $"{Relative(instance.Path)}: {string.Join(", ", instance.Properties.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value?.GetType().Name}"))}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static CimObjectPath? Relative(CimObjectPath? path) => path is null ? null : new CimObjectPath(path.ClassName, path.Keys);
}

/// <summary>The Hyper-V of this machine.</summary>
internal static class LocalHyperV
{
    /// <summary>Opens a session; skips the test where there is no Hyper-V, or the library cannot be loaded.</summary>
    public static async Task<ICimSession> OpenAsync(WmiLibrary library)
    {
        var choice = WmiLibraryChoice.Inspect(library);
        Assert.SkipWhen(choice.WhyNotWanted is not null, $"{library} cannot be loaded here: {choice.WhyNotWanted}");
        try
        {
            return await WmiSession.ConnectAsync(new WmiSessionOptions { Library = library }, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        catch (WmiUnavailableException exception)
        {
            Assert.Skip($"There is no Hyper-V here: {exception.Message}");
            throw;
        }
    }
}
