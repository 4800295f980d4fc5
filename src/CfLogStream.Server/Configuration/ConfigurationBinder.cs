namespace CfLogStream.Server.Configuration;

/// <summary>Makes option records from nodes. It goes on after a problem, so that one run names them all.</summary>
internal sealed class ConfigurationBinder(ProblemList problems)
{
    private readonly Dictionary<string, ConfigurationPosition> _positions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unsound = new(StringComparer.Ordinal);

    /// <summary>Returns where the value of a key stands; default when the file does not have it.</summary>
    public ConfigurationPosition PositionOf(string path) => _positions.GetValueOrDefault(path);

    /// <summary>Whether the file has the key.</summary>
    public bool IsGiven(string path) => _positions.ContainsKey(path);

    /// <summary>Whether the value of a key can be used, so that comparing it with another says something.</summary>
    public bool IsSound(string path) => !_unsound.Contains(path);

    /// <summary>Binds the whole file.</summary>
    public T Bind<T>(ConfigurationNode? root)
        where T : class
    {
        var shape = OptionShape.Of(typeof(T));
        if (root is null or ScalarNode { IsNull: true })
        {
            return (T)shape.Create(new Dictionary<OptionKey, object>());
        }

        if (root is not MappingNode mapping)
        {
            problems.Add(
                root.Position,
                "",
                $"The file is {ConfigurationWords.Describe(root)}; expected keys and values, such as 'reader:'.");
            return (T)shape.Create(new Dictionary<OptionKey, object>());
        }

        return (T)Section(shape, mapping, "", shape);
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private object Section(OptionShape shape, MappingNode mapping, string path, OptionShape root)
    {
        var values = new Dictionary<OptionKey, object>();
        var seen = new Dictionary<string, ConfigurationPosition>(StringComparer.Ordinal);
        int problemsBefore = problems.Count;
        foreach ((ScalarNode name, ConfigurationNode node) in mapping.Entries)
        {
            string keyPath = Join(path, name.Text);
            if (!seen.TryAdd(name.Text, name.Position))
            {
                problems.Add(
                    name.Position,
                    keyPath,
                    $"The key {ConfigurationWords.Quote(keyPath)} is given twice; the first is at line {seen[name.Text].Line}. "
                    + "Remove one of them.");
                _unsound.Add(keyPath);
                continue;
            }

            OptionKey? key = shape.Find(name.Text);
            if (key is null)
            {
                problems.Add(name.Position, keyPath, ConfigurationWords.ExplainUnknown(shape, name.Text, path, root));
                continue;
            }

            _positions[keyPath] = node.Position;
            object? value = key.IsList ? List(key, node, keyPath, root) : Value(key, node, keyPath, root);
            if (value is null)
            {
                _unsound.Add(keyPath);
            }
            else
            {
                values.Add(key, value);
            }
        }

        foreach (OptionKey missing in shape.Keys.Where(key => key.Default is null && !seen.ContainsKey(key.Name)))
        {
            problems.Add(mapping.Position, path, $"{path} has no '{missing.Name}'; expected {ConfigurationWords.Expectation(missing)}.");
        }

        if (problems.Count > problemsBefore)
        {
            _unsound.Add(path);
        }

        // A required key without a usable value gets its type's zero: the record is never used, but binding goes on.
        return shape.Create(WithPlaceholders(shape, values));
    }

    private static Dictionary<OptionKey, object> WithPlaceholders(OptionShape shape, Dictionary<OptionKey, object> values)
    {
        foreach (OptionKey key in shape.Keys.Where(key => key.Default is null && !values.ContainsKey(key)))
        {
            values.Add(key, key.ValueType.IsValueType ? Activator.CreateInstance(key.ValueType)! : "");
        }

        return values;
    }

    private Array? List(OptionKey key, ConfigurationNode node, string path, OptionShape root)
    {
        if (node is ScalarNode { IsNull: true })
        {
            return Array.CreateInstance(key.ValueType, 0);
        }

        if (node is not SequenceNode sequence)
        {
            problems.Add(
                node.Position,
                path,
                $"{path} is {ConfigurationWords.Describe(node)}; expected a list, each item on a line after '- '.");
            return null;
        }

        if (key.Rule.MaxItems > 0 && sequence.Items.Count > key.Rule.MaxItems)
        {
            problems.Add(node.Position, path, $"{path} has {sequence.Items.Count} items; expected at most {key.Rule.MaxItems}.");
            return null;
        }

        var items = new List<object>();
        for (int i = 0; i < sequence.Items.Count; i++)
        {
            string itemPath = $"{path}[{i}]";
            _positions[itemPath] = sequence.Items[i].Position;
            object? item = Value(key, sequence.Items[i], itemPath, root);
            if (item is null)
            {
                _unsound.Add(itemPath);
            }
            else
            {
                items.Add(item);
            }
        }

        if (items.Count < sequence.Items.Count)
        {
            return null;
        }

        var list = Array.CreateInstance(key.ValueType, items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            list.SetValue(items[i], i);
        }

        return list;
    }

    private object? Value(OptionKey key, ConfigurationNode node, string path, OptionShape root)
    {
        if (key.Kind == OptionKind.Section)
        {
            switch (node)
            {
                case MappingNode mapping:
                    return Section(key.Shape, mapping, path, root);
                case ScalarNode { IsNull: true } when !key.IsList:
                    return key.Default;
                default:
                    AddUnexpected(key, node, path);
                    return null;
            }
        }

        if (node is not ScalarNode scalar)
        {
            AddUnexpected(key, node, path);
            return null;
        }

        string? problem = ScalarValue.Read(key, path, scalar, out object? value);
        if (problem is not null)
        {
            problems.Add(node.Position, path, problem);
        }

        return value;
    }

    private void AddUnexpected(OptionKey key, ConfigurationNode node, string path) => problems.Add(
        node.Position,
        path,
        $"{path} is {ConfigurationWords.Describe(node)}; expected {ConfigurationWords.Expectation(key)}.");
}
