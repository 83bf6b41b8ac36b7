using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Sessions;
using HostAgent.HyperV.Wine.Harness.Served;

namespace HostAgent.HyperV.Wine.Harness.Cases;

/// <summary>
/// Every HRESULT that a host may answer with comes out of the adapter as one kind of exception with that HRESULT, whatever
/// System.Management makes of it on the way.
/// </summary>
internal sealed class FailureCases : ServedCases
{
    private const uint ComAccessDenied = 0x80070005;
    private const uint Pointer = 0x80004003;

    /// <summary>Connecting is refused, and the reason is the one that an operator can do something about.</summary>
    [Theory]
    [InlineData(0x8004100Eu, WmiUnavailableReason.NamespaceMissing)] // WBEM_E_INVALID_NAMESPACE
    [InlineData(0x80041003u, WmiUnavailableReason.AccessDenied)] // WBEM_E_ACCESS_DENIED
    [InlineData(0x80070005u, WmiUnavailableReason.AccessDenied)] // E_ACCESSDENIED, an UnauthorizedAccessException
    [InlineData(0x800706BAu, WmiUnavailableReason.NotReachable)] // RPC_S_SERVER_UNAVAILABLE, a COMException
    [InlineData(0x80041033u, WmiUnavailableReason.NotReachable)] // WBEM_E_SHUTTING_DOWN
    [InlineData(0x80041014u, WmiUnavailableReason.NotReachable)] // WBEM_E_INITIALIZATION_FAILURE
    [InlineData(0x80070422u, WmiUnavailableReason.NotReachable)] // ERROR_SERVICE_DISABLED
    [InlineData(0x80040154u, WmiUnavailableReason.NotReachable)] // REGDB_E_CLASSNOTREG
    [InlineData(0x8007000Eu, WmiUnavailableReason.NotReachable)] // E_OUTOFMEMORY, an OutOfMemoryException
    public async Task Connecting_is_refused_with_a_reason(uint code, WmiUnavailableReason reason)
    {
        Served.Namespace.Interference = (station, _) => station is Station.Connect ? code : 0;
        var refusal = await Should.ThrowAsync<WmiUnavailableException>(() => ConnectAsync());
        refusal.Reason.ShouldBe(reason);
        refusal.InnerException.ShouldBeOfType<CimException>().ErrorCode.ShouldBe(code is ComAccessDenied ? CimErrorCode.AccessDenied : code);
    }

    [Fact]
    public async Task Connecting_to_a_platform_without_the_service_says_that_it_is_too_old()
    {
        Served.Namespace.Interference = (station, _) => station is Station.Get ? CimErrorCode.NotFound : 0;
        (await Should.ThrowAsync<WmiUnavailableException>(() => ConnectAsync())).Reason.ShouldBe(WmiUnavailableReason.PlatformTooOld);
    }

    /// <summary>A call of every kind ends with the code.</summary>
    [Theory]
    [InlineData(0x80041001u)] // WBEM_E_FAILED
    [InlineData(0x80041003u)] // WBEM_E_ACCESS_DENIED
    [InlineData(0x80041004u)] // WBEM_E_PROVIDER_FAILURE
    [InlineData(0x80041006u)] // WBEM_E_OUT_OF_MEMORY
    [InlineData(0x80041008u)] // WBEM_E_INVALID_PARAMETER
    [InlineData(0x8004100Au)] // WBEM_E_CRITICAL_ERROR
    [InlineData(0x80041010u)] // WBEM_E_INVALID_CLASS
    [InlineData(0x80041013u)] // WBEM_E_PROVIDER_LOAD_FAILURE
    [InlineData(0x80041015u)] // WBEM_E_TRANSPORT_FAILURE
    [InlineData(0x80041017u)] // WBEM_E_INVALID_QUERY
    [InlineData(0x80041032u)] // WBEM_E_CALL_CANCELLED
    [InlineData(0x80041033u)] // WBEM_E_SHUTTING_DOWN
    [InlineData(0x80041045u)] // WBEM_E_SERVER_TOO_BUSY
    [InlineData(0x8004106Cu)] // WBEM_E_QUOTA_VIOLATION
    [InlineData(0x80004001u)] // E_NOTIMPL, a NotImplementedException
    [InlineData(0x80004002u)] // E_NOINTERFACE, an InvalidCastException
    [InlineData(0x80004003u)] // E_POINTER, a NullReferenceException
    [InlineData(0x80004005u)] // E_FAIL
    [InlineData(0x8000FFFFu)] // E_UNEXPECTED
    [InlineData(0x80010007u)] // RPC_E_SERVER_DIED
    [InlineData(0x80010105u)] // RPC_E_SERVERFAULT
    [InlineData(0x80010108u)] // RPC_E_DISCONNECTED
    [InlineData(0x800401FDu)] // CO_E_OBJNOTCONNECTED
    [InlineData(0x80070002u)] // ERROR_FILE_NOT_FOUND, a FileNotFoundException
    [InlineData(0x80070003u)] // ERROR_PATH_NOT_FOUND, a DirectoryNotFoundException
    [InlineData(0x8007000Eu)] // E_OUTOFMEMORY, an OutOfMemoryException
    [InlineData(0x80070057u)] // E_INVALIDARG, an ArgumentException
    [InlineData(0x800705B4u)] // ERROR_TIMEOUT
    [InlineData(0x800705AFu)] // ERROR_COMMITMENT_LIMIT
    [InlineData(0x800706BAu)] // RPC_S_SERVER_UNAVAILABLE
    [InlineData(0x800706BBu)] // RPC_S_SERVER_TOO_BUSY
    [InlineData(0x800706BEu)] // RPC_S_CALL_FAILED
    [InlineData(0x800706BFu)] // RPC_S_CALL_FAILED_DNE
    public async Task Every_call_ends_with_the_code(uint code)
    {
        await using var session = await ConnectAsync();
        Served.Namespace.Interference = (station, _) => station is Station.Get or Station.Query or Station.Method or Station.Watch ? code : 0;
        await CodeShouldBeAsync(code, () => session.GetInstanceAsync(Served.Machine, Token));
        await CodeShouldBeAsync(code, () => session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token));
        await CodeShouldBeAsync(
            code,
            () => session.ListAssociatorsAsync(Served.Machine, HyperVClasses.ElementSettingData, HyperVClasses.ReplicationSettingData, Token));
        await CodeShouldBeAsync(code, () => FirstEventAsync(session));

        // The class of a method is read before the method is called; the call itself shall fail here.
        Served.Namespace.Interference = (station, _) => station is Station.Method ? code : 0;
        await CodeShouldBeAsync(code, () => InitiateAsync(session));
        Served.Host.Initiations.Total.ShouldBe(0);
    }

    /// <summary>What COM refuses before WMI can refuse it is the same refusal to everybody above.</summary>
    [Fact]
    public async Task Access_denied_by_com_is_access_denied()
    {
        await using var session = await ConnectAsync();
        Served.Namespace.Interference = (station, _) => station is Station.Query ? ComAccessDenied : 0;
        await CodeShouldBeAsync(CimErrorCode.AccessDenied, () => session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token));
    }

    /// <summary>A query that breaks between two rows is a failure, never a shorter list.</summary>
    [Theory]
    [InlineData(0x800706BAu)] // RPC_S_SERVER_UNAVAILABLE
    [InlineData(0x800706BEu)] // RPC_S_CALL_FAILED
    [InlineData(0x80041032u)] // WBEM_E_CALL_CANCELLED
    [InlineData(0x80041033u)] // WBEM_E_SHUTTING_DOWN
    [InlineData(0x8004106Cu)] // WBEM_E_QUOTA_VIOLATION
    public async Task A_query_that_breaks_after_a_row_fails(uint code)
    {
        await using var session = await ConnectAsync();
        Served.Namespace.Interference = (station, subject) => station is Station.Row && subject != "0" ? code : 0;
        await CodeShouldBeAsync(code, () => session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token));
    }

    /// <summary>A status that is neither an error nor the end of the rows is a failure too: the list would be shorter than the host's.</summary>
    [Theory]
    [InlineData(0x00040004u, CimErrorCode.TimedOut)] // WBEM_S_TIMEDOUT
    [InlineData(0x00040006u, CimErrorCode.Failed)] // WBEM_S_OPERATION_CANCELLED
    [InlineData(0x00040009u, CimErrorCode.Failed)] // WBEM_S_ACCESS_DENIED
    [InlineData(0x00040010u, CimErrorCode.Failed)] // WBEM_S_PARTIAL_RESULTS
    [InlineData(0x00040017u, CimErrorCode.Failed)] // WBEM_S_SOURCE_NOT_AVAILABLE
    public async Task A_query_that_ends_with_part_of_its_rows_fails(uint status, uint code)
    {
        await using var session = await ConnectAsync();
        foreach (var rows in (string[])["0", "1", "2"])
        {
            Served.Namespace.Interference = (station, subject) => station is Station.Row && subject == rows ? status : 0;
            var failure = await Should.ThrowAsync<CimException>(() => session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token));
            // System.Management falls over some of them before it tells the code.
            failure.ErrorCode.ShouldBeOneOf(code, Pointer);
        }
    }

    /// <summary>The same before the first row: no list is not an empty list.</summary>
    [Theory]
    [InlineData(0x80041010u)] // WBEM_E_INVALID_CLASS
    [InlineData(0x800706BAu)] // RPC_S_SERVER_UNAVAILABLE
    public async Task A_query_that_breaks_before_its_first_row_fails(uint code)
    {
        await using var session = await ConnectAsync();
        Served.Namespace.Interference = (station, _) => station is Station.Row ? code : 0;
        await CodeShouldBeAsync(code, () => session.ListInstancesAsync(HyperVClasses.ComputerSystem, [], Token));
    }

    [Theory]
    [InlineData(0x80041032u)] // WBEM_E_CALL_CANCELLED
    [InlineData(0x80041033u)] // WBEM_E_SHUTTING_DOWN
    [InlineData(0x8004106Cu)] // WBEM_E_QUOTA_VIOLATION
    [InlineData(0x80010108u)] // RPC_E_DISCONNECTED
    [InlineData(0x800706BEu)] // RPC_S_CALL_FAILED
    public async Task A_watch_that_is_stopped_ends_with_the_code(uint code)
    {
        await using var session = await ConnectAsync();
        Served.Namespace.Interference = (station, _) => station is Station.Event ? code : 0;
        await CodeShouldBeAsync(code, () => FirstEventAsync(session));

        Served.Namespace.Interference = (_, _) => 0;
        var next = FirstEventAsync(session);
        await Served.Namespace.WatchArmedAsync(Token); // the one that was stopped
        await Served.Namespace.WatchArmedAsync(Token);
        Served.ModifyMachine();
        (await next).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_watch_goes_on_when_the_host_has_lost_events()
    {
        await using var session = await ConnectAsync();
        var next = FirstEventAsync(session);
        await Served.Namespace.WatchArmedAsync(Token);
        Served.Namespace.RaiseLostEvents();
        Served.ModifyMachine();
        (await next).ShouldNotBeNull().Instance.ClassName.ShouldBe(HyperVClasses.ComputerSystem);
    }

    private static async Task<CimInstanceEvent?> FirstEventAsync(ICimSession session)
    {
        await foreach (var change in session.WatchInstancesAsync(HyperVClasses.ComputerSystem, TimeSpan.FromSeconds(1), Token))
        {
            return change;
        }

        return null;
    }
}
