using System.Globalization;
using System.Text.RegularExpressions;

namespace HostAgent.HyperV;

/// <summary>
/// The meaning of an HRESULT in a Hyper-V Replica message. Hosts write it in parentheses in job errors and event texts, in any
/// language: <c>… (0x00002EFD). (Virtual machine ID …)</c>.
/// </summary>
/// <param name="Code">The HRESULT, or the bare Win32 code where hosts write that.</param>
/// <param name="Name">A stable UPPER_SNAKE_CASE name.</param>
/// <param name="Cause">What it means here, one sentence.</param>
/// <param name="Remedy">What to do, one sentence.</param>
public sealed partial record HostErrorMeaning(uint Code, string Name, string Cause, string Remedy)
{
    private static readonly Dictionary<uint, HostErrorMeaning> Known = new HostErrorMeaning[]
    {
        new(0x00002EE7, "NAME_NOT_RESOLVED", "The other server's name cannot be resolved.",
            "Check the connection point's name in DNS, from this host."),
        new(0x00002EF1, "OPERATION_CANCELLED", "The transfer was cancelled.", "Find out what cancelled it before starting it again."),
        new(0x00002EFD, "CANNOT_CONNECT", "Connecting to the other server failed.",
            "Check that it is up, that it is enabled as a replica server, and that its firewall allows the replication port."),
        new(0x00002EFE, "CONNECTION_ABORTED", "The connection to the other server ended abnormally; with Kerberos, often a failed authentication.",
            "Check the network between the sites and the service principal names of the other server."),
        new(0x80004004, "ABORTED", "The operation was cancelled or aborted; a failover to an old recovery point can end like this.",
            "Find out what cancelled it; with an old recovery point, try a more recent one."),
        new(0x80004005, "UNSPECIFIED", "The host failed without giving a reason.", "Read the host's event log Microsoft-Windows-Hyper-V-VMMS-Admin at that time."),
        new(0x80070002, "FILE_NOT_FOUND", "A disk, log or configuration file is missing.", "Restore the file, or recreate the machine's replication."),
        new(0x80070005, "ACCESS_DENIED", "Access was denied, to a file or by the other server.",
            "Check the rights on the machine's storage, that its volume is online, and the authorization of this host on the other server."),
        new(0x80070057, "INVALID_PARAMETER", "A parameter was not accepted.", "Check the replication settings of the machine."),
        new(0x8007052E, "LOGON_FAILURE", "The user name or password was not accepted; with a broker, its service principal name is missing.",
            "Register the service principal names of the replica broker."),
        new(0x80072AF9, "HOST_NOT_FOUND", "The listener's own name, the broker's client access point, cannot be resolved.",
            "Register the broker's network name in DNS again, then bring the broker's resource online."),
    }.ToDictionary(meaning => meaning.Code);

    /// <summary>Every code that has a meaning, in numerical order.</summary>
    public static IReadOnlyList<HostErrorMeaning> All { get; } = [.. Known.Values.OrderBy(meaning => meaning.Code)];

    /// <summary>The meaning of a code, or null when it is not listed here.</summary>
    public static HostErrorMeaning? Of(uint code) => Known.GetValueOrDefault(code);

    /// <summary>The meanings of the codes in a host's message, each once, in text order.</summary>
    public static IReadOnlyList<HostErrorMeaning> In(string? message)
        => string.IsNullOrEmpty(message)
            ? []
            : [.. Pattern().Matches(message).Select(match => Of(uint.Parse(match.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)))
                .OfType<HostErrorMeaning>().Distinct()];

    // Exactly eight digits: anything shorter or longer is not an HRESULT.
    [GeneratedRegex("0x[0-9A-F]{8}(?![0-9A-F])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
