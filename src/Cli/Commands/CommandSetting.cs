using System.CommandLine;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands;

/// <summary>What every command is built with.</summary>
/// <param name="Shell">The world the commands run in.</param>
/// <param name="Connection">The options that say where the coordinator is and who is calling.</param>
/// <param name="Output">The option --output.</param>
internal sealed record CommandSetting(Shell Shell, ConnectionOptions Connection, Option<OutputFormat> Output);
