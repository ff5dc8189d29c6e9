import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Reads all that a login sees, as a BI tool does. Arguments: the URL. Input: lines of user, tab, password. Output: lines. */
public class JdbcReader {
    static PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = in.readLine()) != null; ) {
            String[] login = line.split("\t");
            try (Connection connection = DriverManager.getConnection(args[0], login[0], login[1])) {
                read(connection, login[0]);
            } catch (SQLException error) {
                say(login[0], "failed", error.getSQLState());
            }
        }
    }

    static void read(Connection connection, String user) throws SQLException {
        connection.setAutoCommit(false); // rows then come in portions
        DatabaseMetaData about = connection.getMetaData();
        List<String> views = new ArrayList<>();
        try (ResultSet found = about.getTables(null, "bi", "%", new String[] {"TABLE", "VIEW"})) {
            while (found.next()) {
                views.add(found.getString("TABLE_NAME"));
                say(user, "view", found.getString("TABLE_NAME"), found.getString("REMARKS"));
            }
        }
        for (String view : views) {
            try (ResultSet found = about.getColumns(null, "bi", view, "%")) {
                while (found.next()) {
                    say(user, "column", view, found.getString("COLUMN_NAME"), found.getString("TYPE_NAME"), found.getString("REMARKS"));
                }
            }
            rows(connection, user, view);
        }
        try (PreparedStatement asked = connection.prepareStatement("SELECT count(*) FROM bi.customers_360 WHERE email = ?")) {
            asked.setString(1, "ada.quillfeather@example.org");
            try (ResultSet found = asked.executeQuery()) {
                found.next();
                say(user, "with this address", String.valueOf(found.getLong(1)));
            }
        }
        connection.commit();
        String[] refused = {
            "SELECT * FROM bi_private.customers_360", "SELECT * FROM bi_private.logins", "DELETE FROM bi.customers_360",
            "CREATE TABLE public.mine (x int)", "SET ROLE fullcircle", "CREATE TEMP TABLE mine (x int)"};
        connection.setAutoCommit(true);
        for (String sql : refused) {
            try (Statement asked = connection.createStatement()) {
                asked.execute("SET default_transaction_read_only = off"); // anybody may: that is not the lock
                asked.execute(sql);
                say(user, "allowed", sql);
            } catch (SQLException error) {
                say(user, "refused", error.getSQLState());
            }
        }
    }

    static void rows(Connection connection, String user, String view) throws SQLException {
        try (Statement asked = connection.createStatement()) {
            asked.setFetchSize(1000);
            try (ResultSet found = asked.executeQuery("SELECT * FROM bi." + view)) {
                int columns = found.getMetaData().getColumnCount();
                while (found.next()) {
                    List<String> values = new ArrayList<>(List.of("row", view));
                    for (int place = 1; place <= columns; place++) {
                        Object value = found.getObject(place);
                        values.add(value == null ? "" : value.toString());
                    }
                    say(user, values.toArray(String[]::new));
                }
            }
        }
    }

    static void say(String user, String... parts) {
        StringBuilder line = new StringBuilder(user);
        for (String part : parts) {
            line.append('\t').append(part == null ? "" : part.replace('\t', ' ').replace('\n', ' '));
        }
        out.println(line);
    }
}
