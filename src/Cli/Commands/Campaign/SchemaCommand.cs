using System.CommandLine;
using HostAgent.Campaigns;

namespace HostAgent.Cli.Commands.Campaign;

/// <summary>failback campaign schema: the JSON Schema of the document.</summary>
internal sealed class SchemaCommand : Command
{
    /// <summary>Defines the command.</summary>
    public SchemaCommand(CommandSetting setting)
        : base("schema", "Print the JSON Schema (2020-12) of a campaign's document. Asks no coordinator.")
        => SetAction(_ =>
        {
            setting.Shell.Output.Write(CampaignSchema.Read());
            return ExitCode.Success;
        });
}
