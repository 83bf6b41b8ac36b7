using System.CommandLine;
using HostAgent.Cli.Commands;

namespace HostAgent.Failback.Certificates;

/// <summary>The group "failback certificates".</summary>
internal static class CertificatesCommands
{
    /// <summary>Builds the group.</summary>
    public static Command Create(CommandSetting setting)
        => new("certificates", "Make certificates for agents, coordinators and operators.") { new CreateCertificatesCommand(setting) };
}
