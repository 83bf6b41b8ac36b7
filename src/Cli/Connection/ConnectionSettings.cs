using System.CommandLine;

namespace HostAgent.Cli.Connection;

/// <summary>How to reach the coordinator, complete and checked.</summary>
/// <param name="Coordinators">Its addresses, each https://host:port: that of the coordinator, and those of the ones that stand by for it.</param>
/// <param name="Certificate">The operator's certificate, a PEM file.</param>
/// <param name="PrivateKey">The operator's private key, a PEM file.</param>
/// <param name="Authority">The certificate of the authority that the coordinator's certificate must come from, a PEM file.</param>
internal sealed record ConnectionSettings(IReadOnlyList<Uri> Coordinators, string Certificate, string PrivateKey, string Authority)
{
    /// <summary>Its addresses for a person, as host:port.</summary>
    public string Places => string.Join(", ", Coordinators.Select(address => address.Authority));

    /// <summary>The name that the coordinator's certificate must carry; null when it must list the address instead.</summary>
    public string? CoordinatorName { get; init; }

    /// <summary>Whether TLS 1.2 is spoken beside TLS 1.3.</summary>
    public bool AllowTls12 { get; init; }

    /// <summary>The saved context that the coordinator's address comes from; null when it comes from elsewhere.</summary>
    public ContextTarget? Target { get; init; }
}

/// <summary>The saved context that a command goes to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsProtected">Whether a command that changes something must name it.</param>
/// <param name="IsNamed">Whether the command line names it.</param>
internal sealed record ContextTarget(string Name, bool IsProtected, bool IsNamed);

/// <summary>One of the settings of a connection, with the three places it can be given in.</summary>
/// <param name="Subject">What it is, for sentences.</param>
/// <param name="Option">The command-line option, which comes first.</param>
/// <param name="Variable">The environment variable, the second.</param>
/// <param name="Property">The property of the context file, the third.</param>
internal sealed record ConnectionSetting(string Subject, Option<string> Option, string Variable, string Property);

/// <summary>The value of a setting and where it came from, so that an error in it can be found.</summary>
/// <param name="Text">The value.</param>
/// <param name="Source">The option, the variable, or the file and its property.</param>
internal sealed record SettingValue(string Text, string Source);
