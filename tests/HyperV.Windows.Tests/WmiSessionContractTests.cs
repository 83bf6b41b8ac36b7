using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Contract;
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
        var choice = WmiLibraryChoice.Inspect(library);
        Assert.SkipWhen(choice.WhyNotWanted is not null, $"{library} cannot be loaded here: {choice.WhyNotWanted}");
        ICimSession session;
        try
        {
            session = await WmiSession.ConnectAsync(new WmiSessionOptions { Library = library }, TimeProvider.System, cancellationToken);
        }
        catch (WmiUnavailableException exception)
        {
            Assert.Skip($"There is no Hyper-V here: {exception.Message}");
            throw;
        }

        var host = new HyperVHost(session, TimeProvider.System);
        var replicated = (await host.ListVirtualMachinesAsync(cancellationToken)).FirstOrDefault(m => m.Relationship is not null);
        return new CimSessionSubject { Session = session, ReplicatedMachine = replicated?.Path };
    }
}

/// <summary>Over System.Management.</summary>
public sealed class SystemManagementContractTests() : WmiSessionContractTests(WmiLibrary.SystemManagement);

/// <summary>Over Windows' own Management Infrastructure.</summary>
public sealed class ManagementInfrastructureContractTests() : WmiSessionContractTests(WmiLibrary.ManagementInfrastructure);

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
        var choice = WmiLibraryChoice.Inspect(library);
        Assert.SkipWhen(choice.WhyNotWanted is not null, $"{library} cannot be loaded here: {choice.WhyNotWanted}");
        var cancellation = TestContext.Current.CancellationToken;
        try
        {
            await using var session = await WmiSession.ConnectAsync(new WmiSessionOptions { Library = library }, TimeProvider.System, cancellation);
            return
            [
                .. (await session.ListInstancesAsync(className, [], cancellation))
                    .Select(instance => $"{Relative(instance.Path)}: {string.Join(", ", instance.Properties.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value?.GetType().Name}"))}")
                    .Order(StringComparer.Ordinal),
            ];
        }
        catch (WmiUnavailableException exception)
        {
            Assert.Skip($"There is no Hyper-V here: {exception.Message}");
            throw;
        }
    }

    private static CimObjectPath? Relative(CimObjectPath? path) => path is null ? null : new CimObjectPath(path.ClassName, path.Keys);
}
