using System.CommandLine;

namespace HostAgent.Cli.Connection;

/// <summary>One of the settings of a connection, with the three places it can be given in.</summary>
/// <param name="Subject">What it is, for sentences.</param>
/// <param name="Option">The command-line option, the first place looked at.</param>
/// <param name="Variable">The environment variable, the second.</param>
/// <param name="Property">The property of the context file, the third.</param>
internal sealed record ConnectionSetting(string Subject, Option<string> Option, string Variable, string Property);
