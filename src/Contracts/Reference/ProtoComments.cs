using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace HostAgent.Contracts.Reference;

/// <summary>The comments of the contracts, by the full name of what they stand above.</summary>
public sealed class ProtoComments
{
    private readonly Dictionary<string, string> _byName = new(StringComparer.Ordinal);

    /// <summary>Reads the comments that the build has kept.</summary>
    /// <exception cref="InvalidOperationException">The contracts were built without them.</exception>
    public ProtoComments()
    {
        using var resource = typeof(Campaigns.V1.Campaigns).Assembly.GetManifestResourceStream("contracts.binpb")
            ?? throw new InvalidOperationException("the contracts carry no contracts.binpb");
        var set = FileDescriptorSet.Parser.ParseFrom(resource);
        foreach (var file in FileDescriptor.BuildFromByteStrings(set.File.Select(file => file.ToByteString())).Where(file => file.Package.StartsWith("hyperv.", StringComparison.Ordinal)))
        {
            foreach (var message in file.MessageTypes)
            {
                Take(message);
            }

            foreach (var value in file.EnumTypes)
            {
                Take(value);
            }

            foreach (var service in file.Services)
            {
                Take(service.FullName, service.Declaration);
                foreach (var method in service.Methods)
                {
                    Take(method.FullName, method.Declaration);
                }
            }
        }
    }

    /// <summary>Every comment, by the full name of what it stands above, in the order of the contracts.</summary>
    public IEnumerable<KeyValuePair<string, string>> All => _byName;

    /// <summary>What stands above a message, a field, an enum, one of its values, a service or a method.</summary>
    /// <param name="descriptor">What it stands above.</param>
    /// <returns>The comment; empty for none.</returns>
    public string Of(IDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return _byName.GetValueOrDefault(descriptor.FullName, "");
    }

    private void Take(MessageDescriptor message)
    {
        Take(message.FullName, message.Declaration);
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            Take(field.FullName, field.Declaration);
        }

        foreach (var nested in message.NestedTypes)
        {
            Take(nested);
        }

        foreach (var value in message.EnumTypes)
        {
            Take(value);
        }
    }

    private void Take(EnumDescriptor type)
    {
        Take(type.FullName, type.Declaration);
        foreach (var value in type.Values)
        {
            Take(value.FullName, value.Declaration);
        }
    }

    private void Take(string name, DescriptorDeclaration? declaration)
    {
        if (declaration?.LeadingComments is { Length: > 0 } comment)
        {
            _byName[name] = string.Join('\n', comment.Split('\n').Select(line => line.Trim())).Trim();
        }
    }
}
