-- An employee's placeholder lies inside the text that names the employee.

SELECT employees.feedback_id, employees.employee_key, employees."start", employees."end"
FROM employees
JOIN feedback USING (feedback_id)
WHERE (employees."start" IS NULL) <> (employees."end" IS NULL)
    OR employees."start" < 0
    OR employees."end" <= employees."start"
    OR employees."end" > length(feedback.text);
