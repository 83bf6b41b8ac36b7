using Google.Protobuf;
using HostAgent.Texts;

namespace HostAgent.Cli.Output;

/// <summary>Writes messages as protobuf JSON on one line.</summary>
internal static class ProtobufJson
{
    // Default values are written, so that a script reads 0 and not null.
    private static readonly JsonFormatter Formatter =
        new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true));

    /// <summary>The message on one line, with the field names of the .proto file; what cannot be seen is escaped, and nothing is lost.</summary>
    public static string Format(IMessage message) => VisibleText.Json(Formatter.Format(message));
}
