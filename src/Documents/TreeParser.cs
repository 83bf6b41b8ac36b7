using System.Globalization;
using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace HostAgent.Documents;

/// <summary>
/// Builds the tree from the parser's events, so that the limits hold while reading and not after it, and every node keeps
/// its place. Duplicate keys are errors and the first one counts; whatever makes the rest unreadable ends the reading.
/// </summary>
internal sealed class TreeParser
{
    private readonly IParser _events;
    private readonly DocumentLimits _limits;
    private readonly DocumentErrorList _errors;
    private readonly RawCharacters _raw;

    private TreeParser(RawCharacters raw, DocumentLimits limits, DocumentErrorList errors)
    {
        _raw = raw;
        _events = new Parser(new Scanner(new StringReader(raw.Content), skipComments: true));
        _limits = limits;
        _errors = errors;
    }

    /// <returns>The outermost node; null when the text cannot be read, with the error recorded.</returns>
    public static DocumentNode? Parse(string text, DocumentLimits limits, DocumentErrorList errors)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > limits.Bytes)
        {
            var allowed = string.Create(CultureInfo.InvariantCulture, $"at most {limits.Bytes} bytes");
            errors.Add(0, 0, string.Empty, $"{bytes} bytes", allowed, $"The document has {bytes} bytes; it may have {allowed}.");
            return null;
        }

        // The scanner takes NUL for the end of the text and would read only the part before it.
        if (RawCharacters.Prepare(text, errors) is not { } raw)
        {
            return null;
        }

        try
        {
            return new TreeParser(raw, limits, errors).Document();
        }
        catch (UnreadableException exception)
        {
            errors.Add(exception);
            return null;
        }
        catch (YamlException exception)
        {
            Report(exception, raw.Content, errors);
            return null;
        }
        catch (InvalidOperationException)
        {
            ReportScannerFault(errors);
            return null;
        }
    }

    /// <summary>The scanner has places where it throws this instead of its own exception, for example at a lone carriage return.</summary>
    private static void ReportScannerFault(DocumentErrorList errors)
        => errors.Add(0, 0, string.Empty, string.Empty, "YAML or JSON", "The document is not valid YAML or JSON: it has characters in places where they cannot be read.");

    private static void Report(YamlException syntax, string content, DocumentErrorList errors)
    {
        var at = PositionOf(syntax.Start);
        var message = $"The document is not valid YAML or JSON: {Shortened.Text(Bare(syntax.Message))}";

        // The parser places a tab at the start of the mapping that it is in, which may be the first line of the document.
        if (syntax.Message.Contains(" tab", StringComparison.Ordinal) && TabIndentedLine(content, at.Line) is { } line)
        {
            at = new Position(line, 1);
            message = $"Line {line} is indented with a tab; YAML allows spaces only.";
        }

        errors.Add(at.Line, at.Column, string.Empty, string.Empty, "YAML or JSON", message);
    }

    private DocumentNode Document()
    {
        DocumentNode? root = null;
        _events.Consume<StreamStart>();
        while (_events.TryConsume<DocumentStart>(out var start))
        {
            // Templates leave separators with nothing before or after them.
            if (_events.Accept<Scalar>(out var scalar) && scalar is { Value: "", Style: ScalarStyle.Plain } && scalar.Anchor.IsEmpty && scalar.Tag.IsEmpty)
            {
                _events.Consume<Scalar>();
            }
            else if (root is null)
            {
                root = Node(string.Empty, depth: 1);
            }
            else
            {
                throw new UnreadableException(PositionOf(start.Start), string.Empty, "one document", "The text holds a second document; only one is allowed.");
            }

            _events.Consume<DocumentEnd>();
        }

        _raw.End(_errors);
        return root ?? throw new UnreadableException(new Position(1, 1), string.Empty, "a mapping", "The document is empty; it must be a mapping of keys to values.");
    }

    private DocumentNode Node(string path, int depth)
    {
        if (_events.Accept<AnchorAlias>(out var alias))
        {
            throw new UnreadableException(
                PositionOf(alias.Start), path, "the value itself", $"{Where(path)} uses the alias *{alias.Value}; anchors and aliases are not allowed, write the value out.");
        }

        var node = _events.Consume<NodeEvent>();
        var at = PositionOf(node.Start);
        _errors.Budget.Check(at);
        if (!node.Anchor.IsEmpty)
        {
            throw new UnreadableException(at, path, "the value itself", $"{Where(path)} defines the anchor &{node.Anchor.Value}; anchors and aliases are not allowed, write the value out.");
        }

        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            throw new UnreadableException(at, path, "a value without a tag", $"{Where(path)} has the tag {Shortened.Text(node.Tag.Value)}; tags are not allowed.");
        }

        if (node is Scalar scalar)
        {
            _raw.Pass(scalar.Start.Index, scalar.End.Index, scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted, _errors);
            return new ScalarNode(path, at, _raw.Restore(scalar.Value), scalar.Style is ScalarStyle.Plain);
        }

        if (depth > _limits.Depth)
        {
            throw new UnreadableException(at, path, $"at most {_limits.Depth} levels", $"{Where(path)} is nested deeper than {_limits.Depth} levels.");
        }

        return node is SequenceStart ? Sequence(path, at, depth) : Mapping(path, at, depth);
    }

    private SequenceNode Sequence(string path, Position at, int depth)
    {
        var items = new List<DocumentNode>();
        while (!_events.TryConsume<SequenceEnd>(out _))
        {
            items.Add(Node(DocumentPath.Index(path, items.Count), depth + 1));
        }

        return new SequenceNode(path, at, items);
    }

    private MappingNode Mapping(string path, Position at, int depth)
    {
        var entries = new List<(string Key, DocumentNode Value, Position At)>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            var key = Node(path, depth + 1);
            if (key is not ScalarNode { Value: var name })
            {
                throw new UnreadableException(key.At, path, "a text as key", $"{Where(path)} has a list or mapping as a key; keys must be texts.");
            }

            var keyPath = DocumentPath.Key(path, name);
            var value = Node(keyPath, depth + 1);
            if (lines.TryAdd(name, key.At.Line))
            {
                entries.Add((name, value, key.At));
            }
            else
            {
                _errors.Add(key, keyPath, value.Describe(), "each key once", $"{keyPath} is given twice; it is already on line {lines[name]}.");
            }
        }

        return new MappingNode(path, at, entries);
    }

    private static string Where(string path) => path.Length == 0 ? "The document" : path;

    private static Position PositionOf(Mark mark) => new((int)mark.Line, (int)mark.Column);

    private static int? TabIndentedLine(string text, int from)
    {
        var number = 0;
        foreach (var line in text.AsSpan().Split('\n'))
        {
            if (++number >= from && text.AsSpan(line).TrimStart(' ').StartsWith("\t"))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>The parser repeats the place in front of its message; ours has it in separate fields.</summary>
    private static string Bare(string message)
    {
        var end = message.StartsWith("(Line:", StringComparison.Ordinal) ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        return end < 0 ? message : message[(end + 3)..];
    }
}

/// <summary>The rest of the document cannot be read; leaves the recursive descent of <see cref="TreeParser"/>.</summary>
internal sealed class UnreadableException(Position at, string path, string allowed, string message) : Exception(message)
{
    public Position At { get; } = at;

    public string Path { get; } = path;

    public string Allowed { get; } = allowed;
}
