namespace HostAgent.Cli.Output;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people: tables, sentences, and a live view on a terminal.</summary>
    Text,

    /// <summary>For programs: protobuf JSON with snake_case names, one object, or one on each line of a stream.</summary>
    Json,
}
